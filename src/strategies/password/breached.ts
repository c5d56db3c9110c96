import { createHash } from "node:crypto";
import { createBoundedCache } from "../../bounded-cache.ts";
import { tracedCall } from "../../outgoing/trace-call.ts";

const timeoutMs = 1000;
const largestBody = 1_048_576;
const keptForMs = 3_600_000;

/** How the list of breached passwords is reached. */
export interface BreachLookup {
  readonly host: string;
  readonly fetch: typeof globalThis.fetch;
  readonly nowMs: number;
}

interface Kept {
  readonly range: Promise<string>;
  readonly until: number;
}

const kept = createBoundedCache<string, Kept>(256);

/**
 * In how many breaches a password was seen, by the range protocol of Have I Been Pwned: the host learns the first five
 * hex digits of the SHA-1, which many passwords share. Rejects when the host cannot be asked.
 */
export async function countBreaches(password: string, lookup: BreachLookup): Promise<number> {
  const digest = createHash("sha1").update(password).digest("hex").toUpperCase();
  const range = await fetchRange(digest.slice(0, 5), lookup);
  // Rows that only pad the answer have the count 0.
  const [, count] = new RegExp(`^${digest.slice(5)}:(\\d+)\\r?$`, "im").exec(range) ?? [];
  return Number(count ?? 0);
}

function fetchRange(prefix: string, lookup: BreachLookup): Promise<string> {
  const url = `https://${lookup.host}/range/${prefix}`;
  const known = kept.get(url);
  if (known && known.until > lookup.nowMs) return known.range;
  // The host learns of no trace: it is nobody's of whoever runs this server.
  const range = tracedCall("GET", new URL(url), () => download(url, lookup.fetch));
  kept.set(url, { range, until: lookup.nowMs + keptForMs });
  // A failure is not kept: the next password asks again.
  range.catch(() => kept.get(url)?.range === range && kept.delete(url));
  return range;
}

async function download(url: string, fetch: typeof globalThis.fetch): Promise<string> {
  const response = await fetch(url, {
    headers: { "add-padding": "true" },
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}.`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > largestBody) throw new Error(`${url} answered with more than ${largestBody} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}
