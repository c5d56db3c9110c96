/** What an e-mail says, before it is plain text or HTML. */
export interface EmailContent {
  readonly subject: string;
  /** What comes first. */
  readonly opening: string;
  /** A code to type in. */
  readonly code?: string;
  readonly link?: { readonly label: string; readonly url: string };
  /** What comes after, one paragraph each. */
  readonly closing: readonly string[];
}

/** An e-mail as plain text. */
export function emailAsText({ opening, code, link, closing }: EmailContent): string {
  const shown = [code && `    ${code}`, link && `${link.label}:\n${link.url}`];
  return [opening, ...shown, ...closing].filter(Boolean).join("\n\n") + "\n";
}
