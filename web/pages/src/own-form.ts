import type { Visit } from "./visit.ts";

/**
 * Whether a form of these pages was submitted, and not one of another site: browsers say so (Fetch Metadata, or of old the origin),
 * and no page can make them say otherwise.
 */
export function isOwnForm({ header, site }: Visit): boolean {
  const from = header("sec-fetch-site");
  if (from !== undefined) return from === "same-origin";
  return header("origin") === new URL(site.baseUrl).origin;
}

/** The fields of a form that was submitted. */
export async function fieldsOf(visit: Visit): Promise<URLSearchParams> {
  return new URLSearchParams(Buffer.from(await visit.body()).toString("utf8"));
}
