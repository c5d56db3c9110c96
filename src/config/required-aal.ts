/** How much a session must have proven before it may be used. */
export type RequiredAal = "aal1" | "highest_available";
