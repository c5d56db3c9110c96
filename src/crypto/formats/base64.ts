/** Decodes standard base64 with padding; undefined for anything else. */
export function fromPaddedBase64(text: string): Buffer | undefined {
  const whole = text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
  return whole ? Buffer.from(text, "base64") : undefined;
}

/** Decodes standard base64 without padding, in its one canonical spelling; undefined for anything else. */
export function fromUnpaddedBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return toUnpaddedBase64(bytes) === text ? bytes : undefined;
}

/** Encodes as standard base64 without padding, as PHC strings want it. */
export const toUnpaddedBase64 = (bytes: Buffer): string => bytes.toString("base64").replace(/=+$/, "");
