/** How long the headers of a request may be, in either version of HTTP. */
export const mostHeaderBytes = 32 * 1024;
