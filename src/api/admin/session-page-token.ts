import { isUuid } from "../../db/id.ts";

/** The token of the page that begins after a session: pairs of column and value, as Kratos' tokens are. */
export function writeSessionToken({ id, createdAt }: { id: string; createdAt: Date }): string {
  const text = `created_at=${createdAt.toISOString()}/id=${id}`;
  return Buffer.from(text).toString("base64").replaceAll("=", "");
}

/** The id of the session that a page begins after; undefined for a token that is none. Ids are in the order of time. */
export function readSessionToken(token: string): string | undefined {
  const pairs = Buffer.from(token, "base64").toString().split("/");
  const id = pairs.find((pair) => pair.startsWith("id="))?.slice("id=".length) ?? "";
  return isUuid(id) ? id.toLowerCase() : undefined;
}
