import { sha256Hex } from "../crypto/token.ts";

/** What leads to the line of an event: it stands in its account's, or in one by itself where it is about none. */
interface Waiting {
  readonly id: string;
  readonly subjectId: string | null;
}

/** The id of a line: the same at every server, so that there is one of each. A UUID of version 8 (RFC 9562 5.8). */
export function queueIdOf(subscriptionId: string, { id, subjectId }: Waiting): string {
  const hash = sha256Hex(`${subscriptionId}\n${subjectId ?? id}`);
  const variant = "89ab"[Number.parseInt(hash[16]!, 16) & 3];
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
