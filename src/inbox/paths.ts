/** Where the inbox is on the public port. */
export const inboxPath = "/ui/inbox";
