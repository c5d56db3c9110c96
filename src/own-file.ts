/** Where a file of this package is, by its path from here: built, all modules lie where this one does. */
export const ownFile = (path: string): URL => new URL(path, import.meta.url);
