/**
 * Arrays in PostgreSQL's binary format: a Buffer bound to `$1::int8[]` is read without parsing text.
 * https://github.com/postgres/postgres/blob/master/src/backend/utils/adt/arrayfuncs.c (array_recv)
 */
const elementTypes = { int2: 21, int4: 23, int8: 20, float8: 701, text: 25 } as const;

const headerLength = 20;
const two32 = 2 ** 32;
const greatestInt8 = 2 ** 63;

abstract class BinaryColumn {
  protected buffer: Buffer;
  protected length = headerLength;
  #count = 0;
  #hasNull = false;
  readonly #elementType: number;

  constructor(elementType: number) {
    this.#elementType = elementType;
    this.buffer = Buffer.allocUnsafe(1024);
  }

  get count(): number {
    return this.#count;
  }

  /** Makes room for an element of so many bytes, writes its length, and returns where it starts. */
  protected begin(byteLength: number): number {
    const end = this.length + 4 + byteLength;
    if (end > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.max(end, this.buffer.length * 2));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.buffer.writeInt32BE(byteLength, this.length);
    const start = this.length + 4;
    this.length = end;
    this.#count++;
    return start;
  }

  pushNull(): void {
    this.begin(0);
    this.buffer.writeInt32BE(-1, this.length - 4);
    this.#hasNull = true;
  }

  /** The value to bind. The array must not be written afterwards. */
  toBuffer(): Buffer {
    this.buffer.writeInt32BE(this.#count === 0 ? 0 : 1, 0);
    this.buffer.writeInt32BE(this.#hasNull ? 1 : 0, 4);
    this.buffer.writeInt32BE(this.#elementType, 8);
    this.buffer.writeInt32BE(this.#count, 12);
    this.buffer.writeInt32BE(1, 16);
    return this.buffer.subarray(0, this.#count === 0 ? 12 : this.length);
  }
}

export class Int2Column extends BinaryColumn {
  constructor() {
    super(elementTypes.int2);
  }
  push(value: number): void {
    const start = this.begin(2);
    this.buffer.writeInt16BE(value, start);
  }
}

export class Int4Column extends BinaryColumn {
  constructor() {
    super(elementTypes.int4);
  }
  push(value: number): void {
    const start = this.begin(4);
    this.buffer.writeInt32BE(value, start);
  }
}

export class Int8Column extends BinaryColumn {
  constructor() {
    super(elementTypes.int8);
  }
  /** A whole number; beyond 2^63, infinity included, it becomes the least or greatest int8. */
  push(value: number): void {
    const start = this.begin(8);
    if (value >= greatestInt8) {
      this.buffer.writeInt32BE(0x7fffffff, start);
      this.buffer.writeInt32BE(-1, start + 4);
      return;
    }
    const high = Math.floor(Math.max(value, -greatestInt8) / two32);
    this.buffer.writeInt32BE(high, start);
    this.buffer.writeInt32BE((Math.max(value, -greatestInt8) - high * two32) | 0, start + 4);
  }
  pushBigInt(value: bigint): void {
    const start = this.begin(8);
    this.buffer.writeBigInt64BE(value, start);
  }
}

export class Float8Column extends BinaryColumn {
  constructor() {
    super(elementTypes.float8);
  }
  push(value: number): void {
    const start = this.begin(8);
    this.buffer.writeDoubleBE(value, start);
  }
}

export class TextColumn extends BinaryColumn {
  constructor() {
    super(elementTypes.text);
  }
  push(value: string): void {
    const byteLength = Buffer.byteLength(value);
    const start = this.begin(byteLength);
    this.buffer.write(value, start, byteLength, 'utf8');
  }
}
