const smallest = 256 * 1024;
const largestKept = 1024 * 1024;
const shrinkAfterMs = 1_000;
const longText = 64 * 1024;
// What is longer, the engine writes faster than we do letter by letter: a document of 170 letters takes it 40 ns, and us 240.
const longJson = 24;
const longString = 64;

let bytes = Buffer.allocUnsafeSlow(smallest);
let at = 0;
let isAscii = true;

/**
 * What `write` has written, by the functions below: as text, and as bytes where that is long, since it goes out as bytes. One piece of memory is
 * written to again and again: texts put together would be garbage of many times their length, and to flatten them costs more than to write bytes.
 */
export function written(write: () => void): string | Buffer {
  const [from, before] = [at, isAscii];
  isAscii = true;
  try {
    write();
    if (at - from > longText) return copyOf(bytes.subarray(from, at));
    return bytes.toString(isAscii ? "latin1" : "utf8", from, at);
  } finally {
    at = from;
    isAscii &&= before;
    if (from === 0 && bytes.length > largestKept) shrinkLater();
  }
}

let shrinking: NodeJS.Timeout | undefined;

/** Large answers seldom come alone: to grow anew for each would leave behind twice its length every time. */
function shrinkLater(): void {
  shrinking ??= setTimeout(() => {
    shrinking = undefined;
    bytes = Buffer.allocUnsafeSlow(smallest);
  }, shrinkAfterMs).unref();
}

/** A copy in memory of its own: a piece of the pool would keep all of that. */
function copyOf(part: Buffer): Buffer {
  const copy = Buffer.allocUnsafeSlow(part.length);
  part.copy(copy);
  return copy;
}

function makeRoom(length: number): void {
  if (at + length <= bytes.length) return;
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, at + length));
  bytes.copy(larger, 0, 0, at);
  bytes = larger;
}

/** Writes ASCII as it is. */
export function put(ascii: string): void {
  const { length } = ascii;
  makeRoom(length);
  const to = bytes;
  let end = at;
  for (let n = 0; n < length; n++) to[end++] = ascii.charCodeAt(n);
  at = end;
}

/** Writes the name of a member, with its quotes and colon, and a comma before it unless the object begins with it. */
export function putName(name: string): void {
  makeRoom(1);
  if (bytes[at - 1] !== 0x7b) bytes[at++] = 0x2c;
  put(name);
}

/** Writes a name that is not known beforehand. */
export function putKey(key: string): void {
  putName("");
  putString(key);
  put(":");
}

/** Writes a string, in quotes. */
export function putString(text: string): void {
  const { length } = text;
  if (length > longString) return putJson(JSON.stringify(text));
  makeRoom(length + 2);
  const to = bytes;
  let end = at;
  to[end++] = 0x22;
  for (let n = 0; n < length; n++) {
    const letter = text.charCodeAt(n);
    if (letter < 0x20 || letter > 0x7e || letter === 0x22 || letter === 0x5c) return putJson(JSON.stringify(text));
    to[end++] = letter;
  }
  to[end++] = 0x22;
  at = end;
}

/** Writes what is JSON already. */
export function putJson(json: string): void {
  const { length } = json;
  if (length > longJson) return putUnicode(json);
  makeRoom(length);
  const to = bytes;
  let end = at;
  for (let n = 0; n < length; n++) {
    const letter = json.charCodeAt(n);
    if (letter > 0x7f) return putUnicode(json);
    to[end++] = letter;
  }
  at = end;
}

function putUnicode(json: string): void {
  makeRoom(json.length * 3);
  const length = bytes.write(json, at);
  isAscii &&= length === json.length;
  at += length;
}

/** Writes a number; one that JSON does not know is null. */
export const putNumber = (value: number): void => put(Number.isFinite(value) ? String(value) : "null");

/** Writes any value as JSON does. */
export const putValue = (value: unknown): void => putJson(JSON.stringify(value) ?? "null");
