const spellings = new Map([
  ...["1", "t", "T", "true", "TRUE", "True"].map((word) => [word, true] as const),
  ...["0", "f", "F", "false", "FALSE", "False"].map((word) => [word, false] as const),
]);

/** What a text says that is true or false, in the spellings of Go's strconv.ParseBool, which Kratos takes everywhere; undefined for any other text. */
export const readBoolean = (text: string): boolean | undefined => spellings.get(text);

/** The same for the value of a check box, which says `on` where the page names no value. */
export const readCheckbox = (text: string): boolean | undefined =>
  text === "on" ? true : text === "off" ? false : readBoolean(text);
