/** How many bytes the headers of a request may have, in either version of HTTP. */
export const mostHeaderBytes = 32 * 1024;
/** How many they may be: of a browser's cookies, each is one over HTTP/2 (RFC 9113, 8.2.3). */
export const mostHeaders = 1000;
