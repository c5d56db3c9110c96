/** What a program has made that does not fit the type under which it would be sent. */
export class BodyUnfit extends Error {
  override readonly name = "BodyUnfit";
}

/** Writes what a program has made as its declared type has it: JSON, a form, or a text that the program has written itself. */
export function bodyAs(contentType: string | undefined, made: unknown): string {
  const type = (contentType ?? "").split(";")[0]!.trim().toLowerCase();
  if (type === "application/x-www-form-urlencoded") return asForm(made);
  if (/^[\w.+-]+\/(?:[\w.+-]+\+)?json$/.test(type)) return JSON.stringify(made);
  if (typeof made === "string") return made;
  throw new BodyUnfit(
    `makes for ${contentType || "no type"} what is no text: JSON and forms alone are written from what is not`,
  );
}

function asForm(made: unknown): string {
  const fields = typeof made === "object" && made !== null && !Array.isArray(made) ? Object.entries(made) : undefined;
  if (!fields?.every(([, value]) => typeof value === "string" || value === null))
    throw new BodyUnfit("makes a form of what is no object, or of values that are no strings");
  // In Kratos nothing is an empty text.
  return new URLSearchParams(fields.map(([name, value]) => [name, (value as string | null) ?? ""])).toString();
}
