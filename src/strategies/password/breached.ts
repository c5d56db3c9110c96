import { createHash } from "node:crypto";

const timeoutMs = 1000;
const largestAnswer = 1024 * 1024;
const rememberMs = 3_600_000;
const mostRemembered = 1000;
const remembered = new Map<string, { readonly at: number; readonly lines: string }>();

/**
 * How often a password occurs in known breaches. The service hears five hex digits of its SHA-1 and no more
 * (k-anonymity); the rest is compared here.
 */
export async function countBreaches(password: string, host: string, fetch: typeof globalThis.fetch): Promise<number> {
  const digest = createHash("sha1").update(password).digest("hex").toUpperCase();
  const [prefix, suffix] = [digest.slice(0, 5), digest.slice(5)];
  const lines = await rangeOf(`https://${host}/range/${prefix}`, fetch);
  const line = lines.split("\n").find((one) => one.startsWith(suffix));
  return line ? Number(line.split(":")[1]) || 0 : 0;
}

async function rangeOf(url: string, fetch: typeof globalThis.fetch): Promise<string> {
  const known = remembered.get(url);
  if (known && Date.now() - known.at < rememberMs) return known.lines;
  const response = await fetch(url, {
    headers: { "add-padding": "true" },
    redirect: "error",
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`the breach service answered ${response.status}`);
  const lines = await readAtMost(response, largestAnswer);
  if (remembered.size >= mostRemembered) remembered.clear();
  remembered.set(url, { at: Date.now(), lines });
  return lines;
}

async function readAtMost(response: Response, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > limit) throw new Error("the breach service's answer is too large");
  }
  return text;
}
