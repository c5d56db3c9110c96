/** As package.json says: bundlers leave that behind. */
export const version = "0.1.0";
