/** Where the server answers; user interfaces are built for these addresses. */
export const [publicUrl, adminUrl] = ["http://localhost:4433", "http://localhost:4434"] as const;
