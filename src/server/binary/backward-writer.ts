const firstRoom = 16 * 1024;
const mostKept = 256 * 1024;
const longestByLoop = 48;

/**
 * Writes protobuf's binary format from its end to its beginning: so the length of what is nested is known when it comes to be
 * written, and nothing is measured before or moved afterwards. One of them serves all, since nothing waits in between.
 */
export class BackwardWriter {
  private bytes: Buffer = Buffer.allocUnsafeSlow(firstRoom);
  private at = firstRoom;

  /** How much has been written. */
  get length(): number {
    return this.bytes.length - this.at;
  }

  /** Takes what has been written, with so many bytes left free before it, and begins anew. */
  take(before: number): Buffer {
    const taken = Buffer.allocUnsafe(before + this.length);
    this.bytes.copy(taken, before, this.at);
    this.clear();
    return taken;
  }

  /** Begins anew, whatever has been written. */
  clear(): void {
    if (this.bytes.length > mostKept) this.bytes = Buffer.allocUnsafeSlow(firstRoom);
    this.at = this.bytes.length;
  }

  private room(bytes: number): void {
    if (this.at >= bytes) return;
    const { length } = this;
    const larger = Buffer.allocUnsafeSlow(2 * (length + bytes));
    this.bytes.copy(larger, larger.length - length, this.at);
    this.at = larger.length - length;
    this.bytes = larger;
  }

  /** A number from 0 to 2^53, as a varint. */
  uint(value: number): void {
    if (value < 0x80) {
      this.room(1);
      this.bytes[--this.at] = value;
      return;
    }
    let size = 1;
    for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
    this.room(size);
    let place = (this.at -= size);
    for (; value >= 0x80; value = Math.floor(value / 0x80)) this.bytes[place++] = (value % 0x80) | 0x80;
    this.bytes[place] = value;
  }

  /** An integer of 32 bits with its sign; a negative one has ten bytes, like one of 64 bits. */
  int(value: number): void {
    if (value >= 0) this.uint(value);
    else this.long(BigInt(value));
  }

  /** An integer of 64 bits, as a varint. */
  long(value: bigint): void {
    if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) return this.uint(Number(value));
    const digits: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 0x80n; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
    digits.push(Number(rest));
    this.room(digits.length);
    this.at -= digits.length;
    this.bytes.set(digits, this.at);
  }

  /** Text or bytes without their length. */
  text(value: string): void {
    const { length } = value;
    if (length <= longestByLoop && this.ascii(value, length)) return;
    const size = Buffer.byteLength(value);
    this.room(size);
    this.at -= size;
    this.bytes.write(value, this.at, size, "utf8");
  }

  /** Short texts are mostly names and ids, for which a loop is quicker than a call of native code. */
  private ascii(value: string, length: number): boolean {
    this.room(length);
    const start = this.at - length;
    for (let place = 0; place < length; place++) {
      const code = value.charCodeAt(place);
      if (code > 0x7f) return false;
      this.bytes[start + place] = code;
    }
    this.at = start;
    return true;
  }

  raw(value: Uint8Array): void {
    this.room(value.length);
    this.at -= value.length;
    this.bytes.set(value, this.at);
  }

  double(value: number): void {
    this.room(8);
    this.bytes.writeDoubleLE(value, (this.at -= 8));
  }

  float(value: number): void {
    this.room(4);
    this.bytes.writeFloatLE(value, (this.at -= 4));
  }

  fixed32(value: number): void {
    this.room(4);
    this.bytes.writeInt32LE(value | 0, (this.at -= 4));
  }

  fixed64(value: bigint): void {
    this.room(8);
    this.bytes.writeBigInt64LE(BigInt.asIntN(64, value), (this.at -= 8));
  }
}
