/** Host names, as people list them: by lines, blanks or commas. */
export const hostsIn = (text: string): readonly string[] => text.split(/[\s,]+/).filter(Boolean);
