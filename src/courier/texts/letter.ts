/** What an e-mail says, before it is plain text or HTML. */
export interface Letter {
  readonly subject: string;
  /** What comes first. */
  readonly opening: string;
  /** A code to type in. */
  readonly code?: string;
  readonly link?: { readonly label: string; readonly url: string };
  /** What comes after, one paragraph each. */
  readonly closing: readonly string[];
}

/** A letter as plain text. */
export function letterAsText({ opening, code, link, closing }: Letter): string {
  const shown = [code && `    ${code}`, link && `${link.label}:\n${link.url}`];
  return [opening, ...shown, ...closing].filter(Boolean).join("\n\n") + "\n";
}
