/** What a program answers with when it ends. Commands that judge something may have codes of their own, from 3 on. */
export const exitCodes = {
  done: 0,
  /** It could not be done, or what was judged does not do. */
  failed: 1,
  /** The command line cannot be understood: nothing was tried. */
  misuse: 2,
} as const;
