import { fromPaddedBase64 } from "./base64.ts";

const placeholder = /\{SALT\}|\{PASSWORD\}/g;

/** What a digest was made of, when a template says how salt and password were put together. */
export interface Salting {
  readonly template: string;
  readonly salt: Buffer;
}

/** Decodes the two fields that describe a salting; undefined when they do not. */
export function parseSalting(templateText: string, saltText: string): Salting | undefined {
  const [template, salt] = [fromPaddedBase64(templateText), fromPaddedBase64(saltText)];
  return template && salt && { template: template.toString("latin1"), salt };
}

/** Puts salt and password into the template. Neither is looked through for placeholders. */
export function fillTemplate({ template, salt }: Salting, password: Buffer): Buffer {
  // Latin-1 has a letter for each byte, so that bytes which are no text come through.
  const filled = template.replace(placeholder, (name) => (name === "{SALT}" ? salt : password).toString("latin1"));
  return Buffer.from(filled, "latin1");
}
