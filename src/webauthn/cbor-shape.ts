/** CTAP2 allows four levels; statements of attestation stay below that. */
const deepest = 8;

/** Why bytes are not the plain CBOR that authenticators write. */
export class CborRefused extends Error {}

interface Open {
  /** How many items are still to come. */
  left: number;
  /** The encoded keys of a map so far; undefined in a list. */
  readonly keys: Set<string> | undefined;
  nameNext: boolean;
}

/**
 * Refuses what a reader could be made to stumble over: items of indefinite length, repeated keys, deep nesting, tags, and
 * bytes after the last of `items`. Reads by one loop and holds no more than the keys, whatever the bytes say.
 */
export function assertPlainCbor(bytes: Uint8Array, items = 1): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const open: Open[] = [{ left: items, keys: undefined, nameNext: false }];
  let at = 0;
  while (open.length > 0) {
    const inner = open.at(-1)!;
    if (inner.left === 0) {
      open.pop();
      continue;
    }
    const item = readHead(view, at);
    const end = item.next + (item.kind === "bytes" ? item.count : 0);
    if (end > bytes.length) throw new CborRefused("The document ends too early.");
    if (inner.keys && inner.nameNext) rememberKey(inner.keys, item.kind, bytes.subarray(at, end));
    inner.nameNext = inner.keys !== undefined && !inner.nameNext;
    inner.left--;
    at = end;
    if (item.kind === "bytes" || item.kind === "plain") continue;
    if (open.length > deepest) throw new CborRefused("The document is nested too deeply.");
    const left = item.kind === "map" ? item.count * 2 : item.count;
    // Each item takes a byte at least.
    if (left > bytes.length - at) throw new CborRefused("The document ends too early.");
    open.push({ left, keys: item.kind === "map" ? new Set() : undefined, nameNext: item.kind === "map" });
  }
  if (at !== bytes.length) throw new CborRefused("The document has something behind it.");
}

function rememberKey(keys: Set<string>, kind: Head["kind"], encoded: Uint8Array): void {
  if (kind === "map" || kind === "list") throw new CborRefused("A key is a list or a map.");
  const key = Buffer.from(encoded).toString("latin1");
  if (keys.has(key)) throw new CborRefused("A key is there twice.");
  keys.add(key);
}

interface Head {
  readonly kind: "plain" | "bytes" | "list" | "map";
  readonly count: number;
  readonly next: number;
}

const kinds = ["plain", "plain", "bytes", "bytes", "list", "map", undefined, "plain"] as const;

function readHead(view: DataView, at: number): Head {
  if (at >= view.byteLength) throw new CborRefused("The document ends too early.");
  const first = view.getUint8(at);
  const kind = kinds[first >> 5];
  const short = first & 31;
  if (!kind || short > 27) throw new CborRefused("The document holds a tag, or something of indefinite length.");
  const width = short < 24 ? 0 : 2 ** (short - 24);
  if (at + 1 + width > view.byteLength) throw new CborRefused("The document ends too early.");
  const count = width === 0 ? short : Number(readCount(view, at + 1, width));
  // Whoever writes a number longer than need be can write one key in two ways.
  const least = { 0: 0, 1: 24, 2: 2 ** 8, 4: 2 ** 16, 8: 2 ** 32 }[width]!;
  if (first >> 5 !== 7 && count < least) throw new CborRefused("A number is longer than it has to be.");
  return { kind, count, next: at + 1 + width };
}

function readCount(view: DataView, at: number, width: number): number | bigint {
  if (width === 1) return view.getUint8(at);
  if (width === 2) return view.getUint16(at);
  return width === 4 ? view.getUint32(at) : view.getBigUint64(at);
}
