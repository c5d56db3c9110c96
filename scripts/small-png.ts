import { crc32, deflateSync, inflateSync } from "node:zlib";

const mostColors = 256;

/** A picture with a palette in place of all its colours (PNG, colour type 3): a quarter of the bytes for what a screen shows of a page. */
export function smallPng(picture: Buffer): Buffer {
  const { width, height, colors } = read(picture);
  const palette = commonest(colors);
  const places = new Map(palette.map((color, place) => [color, place]));
  const rows = Buffer.alloc(height * (width + 1));
  for (let at = 0; at < colors.length; at++) {
    const color = colors[at]!;
    let place = places.get(color);
    if (place === undefined) places.set(color, (place = nearest(palette, color)));
    rows[Math.floor(at / width) * (width + 1) + 1 + (at % width)] = place;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(palette.flatMap((color) => channels(color)));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", head),
    chunk("PLTE", table),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Reads a picture as browsers write it: eight bits for each of red, green and blue, and perhaps for alpha, which is left out. */
function read(picture: Buffer): { width: number; height: number; colors: Uint32Array } {
  const [width, height] = [picture.readUInt32BE(16), picture.readUInt32BE(20)];
  const size = picture[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < picture.length; at += picture.readUInt32BE(at) + 12)
    if (picture.toString("latin1", at + 4, at + 8) === "IDAT")
      parts.push(picture.subarray(at + 8, at + 8 + picture.readUInt32BE(at)));
  const bytes = unfiltered(inflateSync(Buffer.concat(parts)), width * size, size);
  const colors = Uint32Array.from({ length: width * height }, (_, at) => bytes.readUIntBE(at * size, 3));
  return { width, height, colors };
}

/** Undoes the filters of lines (PNG specification, 9.2). */
function unfiltered(lines: Buffer, length: number, size: number): Buffer {
  const bytes = Buffer.alloc((lines.length / (length + 1)) * length);
  for (let at = 0; at < bytes.length; at++) {
    const [line, place] = [Math.floor(at / length), at % length];
    const left = place < size ? 0 : bytes[at - size]!;
    const up = line === 0 ? 0 : bytes[at - length]!;
    const corner = line === 0 || place < size ? 0 : bytes[at - length - size]!;
    const filter = lines[line * (length + 1)]!;
    const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter]!;
    bytes[at] = lines[line * (length + 1) + 1 + place]! + guess;
  }
  return bytes;
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

const channels = (color: number): [number, number, number] => [color >> 16, (color >> 8) & 255, color & 255];

/** The colours that most is painted with; of those that look alike, one. */
function commonest(colors: Uint32Array): number[] {
  const counts = new Map<number, number>();
  for (const color of colors) counts.set(color, (counts.get(color) ?? 0) + 1);
  const ranked = [...counts].sort(([, one], [, other]) => other - one).map(([color]) => color);
  for (let apart = 0; ; apart += 2) {
    const chosen: number[] = [];
    for (const color of ranked) {
      if (chosen.every((other) => distance(color, other) > apart)) chosen.push(color);
      if (chosen.length > mostColors) break;
    }
    if (chosen.length <= mostColors) return chosen;
  }
}

const nearest = (palette: readonly number[], color: number): number =>
  palette.reduce((best, other, at) => (distance(color, other) < distance(color, palette[best]!) ? at : best), 0);

function distance(one: number, other: number): number {
  const [from, to] = [channels(one), channels(other)];
  return from.reduce((sum, value, at) => sum + (value - to[at]!) ** 2, 0);
}

/** A chunk of a PNG (PNG specification, 5.3): its length, its name, what it holds, and a checksum. */
function chunk(name: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, "latin1"), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
