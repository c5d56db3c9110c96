/** What `Cache-Control` says of answers that nobody shall keep. */
export const noStore = "private, no-cache, no-store, must-revalidate";
