import { createHmac, randomBytes } from "node:crypto";

/** What is signed: by `id` receivers know what comes twice, `at` is when it is sent, in milliseconds since 1970. */
export interface SignedMessage {
  readonly id: string;
  readonly at: number;
  readonly body: string;
}

const prefix = "whsec_";

/** A new secret, as Standard Webhooks writes it: 32 bytes in base64 behind `whsec_`. */
export const newWebhookSecret = (): string => prefix + randomBytes(32).toString("base64");

/** The headers by which a receiver verifies a message (Standard Webhooks, v1): a signature for each secret, of which one has to fit. */
export function signatureHeaders(
  { id, at, body }: SignedMessage,
  secrets: readonly string[],
): Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>> {
  const timestamp = String(Math.floor(at / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(prefix.length), "base64");
    return `v1,${createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64")}`;
  });
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures.join(" ") };
}
