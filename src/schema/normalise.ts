import { onFirstUse } from "../on-first-use.ts";

const phones = onFirstUse<typeof import("libphonenumber-js/max")>("libphonenumber-js/max");

/** The form in which names and addresses are stored and compared: one for all spellings that people take for the same. */
export function normaliseIdentifier(text: string): string {
  // Compatibility forms and invisible characters make two names look like one (Unicode TR 36).
  const plain = text
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .trim();
  return plain.startsWith("+") ? (normalisePhone(plain) ?? plain.toLowerCase()) : plain.toLowerCase();
}

/** A phone number by E.164; undefined where it is none. */
export function normalisePhone(text: string): string | undefined {
  const number = phones().parsePhoneNumberFromString(text);
  return number?.isValid() ? number.number : undefined;
}

/** How a name or an address is reached, by its looks. */
export const viaOf = (address: string): "email" | "sms" => (address.includes("@") ? "email" : "sms");

/** Whether a text can be an e-mail address: as much as can be told without writing to it. */
export const isEmail = (text: string): boolean => text.length <= 320 && /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u.test(text);
