/** A part of a file that is judged alone: a whole document, or one entry of a Bundle. */
export interface Piece {
  /** Counts the documents of a file from 0. */
  document: number;
  line: number;
  /** Index in Bundle.entry. */
  entry?: number;
  /** Empty when `fault` is set. */
  bytes: Buffer;
  /** Why there is nothing to read here. */
  fault?: string;
}

export interface ScannerOptions {
  /** One document a line (NDJSON): a broken line ends at its end, and the next one is read. */
  isLines: boolean;
  longestPiece?: number;
}

const mebibyte = 1024 * 1024;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const newline = 0x0a;

/** Bytes that mean something to the fast walk through nested values: all others are skipped by one look-up. */
const isMarked = new Uint8Array(256);
for (const byte of [quote, openBracket, closeBracket, openBrace, closeBrace, newline]) isMarked[byte] = 1;

const isSpace = (byte: number): boolean => byte === 0x20 || byte === 0x0d || byte === 0x09;

/** Types of Bundles that carry resources; the others (document, message) are resources themselves. */
const carriers = new Set<unknown>(['transaction', 'batch', 'collection', 'searchset']);

export const isCarrier = (bundleType: unknown): boolean => carriers.has(bundleType);

const longestToken = 32;

/**
 * Cuts a stream of JSON into documents, and Bundles into their entries as they come by, so that a Bundle of any size
 * passes through. It follows the structure alone; whether a piece is right is for the parser to say. A Bundle whose
 * `resourceType` or `type` stands after its entries is handed out whole.
 */
export class DocumentScanner {
  readonly #isLines: boolean;
  readonly #longestPiece: number;
  #line = 1;
  #document = -1;
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  /** Inside Bundle.entry of a Bundle that is handed out entry by entry. */
  #isUnpacking = false;
  #entry = 0;
  #needsComma = false;
  #isSkipping = false;
  // The piece that is being gathered: earlier chunks, and where it starts in this one (-1 for none).
  #parts: Buffer[] = [];
  #gathered = 0;
  #start = -1;
  #pieceLine = 0;
  #isTooLong = false;
  // Members of the document's own object.
  #expectsName = false;
  #token = '';
  #name = '';
  #resourceType = '';
  #type = '';
  #found: Piece[] = [];

  constructor({ isLines, longestPiece = 64 * mebibyte }: ScannerOptions) {
    this.#isLines = isLines;
    this.#longestPiece = longestPiece;
  }

  /** The line that is being read, from 1. */
  get line(): number {
    return this.#line;
  }

  /** The pieces that end in this chunk, which must not be written to afterwards. */
  push(chunk: Buffer): Piece[] {
    this.#found = [];
    if (this.#gathered > 0) this.#start = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#isSkipping) at = this.#skip(chunk, at);
      else if (this.#depth >= (this.#isUnpacking ? 3 : 2)) at = this.#walkNested(chunk, at);
      else if (this.#inString) at = this.#walkString(chunk, at);
      else at = this.#step(chunk, at);
    }
    this.#keepRest(chunk);
    return this.#found;
  }

  /** The last pieces, when the stream has ended. */
  end(): Piece[] {
    this.#found = [];
    if (!this.#isSkipping && this.#depth > 0) this.#fault('The JSON ends in the middle.');
    return this.#found;
  }

  #skip(chunk: Buffer, at: number): number {
    const end = this.#isLines ? chunk.indexOf(newline, at) : -1;
    if (end < 0) return chunk.length;
    this.#isSkipping = false;
    this.#line++;
    return end + 1;
  }

  /** Walks to the end of a nested value, looking at brackets and quotes only. */
  #walkNested(chunk: Buffer, from: number): number {
    const floor = this.#isUnpacking ? 2 : 1;
    const { length } = chunk;
    let depth = this.#depth;
    let inString = this.#inString;
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    for (; at < length; at++) {
      if (inString) {
        let byte = chunk[at] as number;
        while (byte !== quote && byte !== backslash && byte !== newline && ++at < length) byte = chunk[at] as number;
        if (at >= length) break;
        if (byte === quote) inString = false;
        else if (byte === backslash) {
          if (++at >= length) this.#isEscaped = true;
        } else if (this.#breakLine()) return at + 1;
        continue;
      }
      while (at < length && isMarked[chunk[at] as number] === 0) at++;
      if (at >= length) break;
      const byte = chunk[at] as number;
      if (byte === quote) inString = true;
      else if (byte === openBrace || byte === openBracket) depth++;
      else if (byte !== newline) {
        depth--;
        if (depth === floor) {
          this.#depth = depth;
          this.#inString = false;
          if (this.#isUnpacking) this.#endPiece(chunk, at + 1, this.#entry++);
          return at + 1;
        }
      } else if (this.#breakLine()) return at + 1;
    }
    this.#depth = depth;
    this.#inString = inString;
    return length;
  }

  /** A string among the members of the document: names, and values such as Bundle.type. */
  #walkString(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      at++;
    }
    for (; at < chunk.length; at++) {
      const byte = chunk[at] as number;
      if (byte === quote) {
        this.#inString = false;
        this.#endToken();
        return at + 1;
      }
      if (byte === newline && this.#breakLine()) return at + 1;
      if (this.#token.length < longestToken) this.#token += String.fromCharCode(byte);
      if (byte === backslash && ++at >= chunk.length) this.#isEscaped = true;
    }
    return chunk.length;
  }

  #endToken(): void {
    if (this.#expectsName) this.#name = this.#token;
    else if (this.#name === 'resourceType') this.#resourceType = this.#token;
    else if (this.#name === 'type') this.#type = this.#token;
    this.#expectsName = false;
  }

  /** One byte outside of strings, at the level of documents, their members, or the entries of a Bundle. */
  #step(chunk: Buffer, at: number): number {
    const byte = chunk[at] as number;
    if (byte === newline) {
      if (this.#depth > 0) this.#breakLine();
      else this.#line++;
    } else if (!isSpace(byte)) {
      if (this.#depth === 0) this.#stepOutside(byte, at);
      else if (this.#depth === 1) this.#stepMember(chunk, byte, at);
      else this.#stepEntry(byte, at);
    }
    return at + 1;
  }

  #stepOutside(byte: number, at: number): void {
    this.#document++;
    this.#isUnpacking = false;
    this.#entry = 0;
    this.#depth = 1;
    if (byte !== openBrace) {
      this.#fault('Here must stand a resource or a Bundle: a JSON object.');
      return;
    }
    this.#expectsName = true;
    this.#name = '';
    this.#resourceType = '';
    this.#type = '';
    this.#beginPiece(at);
  }

  #stepMember(chunk: Buffer, byte: number, at: number): void {
    switch (byte) {
      case quote:
        this.#inString = true;
        this.#token = '';
        break;
      case comma:
        this.#expectsName = true;
        break;
      case openBracket:
        this.#depth = 2;
        if (this.#name === 'entry' && this.#resourceType === 'Bundle' && isCarrier(this.#type)) this.#unpack();
        break;
      case openBrace:
        this.#depth = 2;
        break;
      case closeBrace:
        this.#depth = 0;
        if (this.#start >= 0) this.#endPiece(chunk, at + 1);
        break;
      case closeBracket:
        this.#fault('A bracket closes here that was not opened.');
        break;
      case colon:
        break;
    }
  }

  #unpack(): void {
    this.#isUnpacking = true;
    this.#needsComma = false;
    this.#dropPiece();
  }

  #stepEntry(byte: number, at: number): void {
    if (byte === closeBracket) {
      this.#depth = 1;
      this.#isUnpacking = false;
    } else if (byte === comma && this.#needsComma) this.#needsComma = false;
    else if (byte === openBrace && !this.#needsComma) {
      this.#depth = 3;
      this.#needsComma = true;
      this.#beginPiece(at);
    } else this.#fault('Bundle.entry must be an array of objects; from here on the Bundle is not read.');
  }

  /** At the end of a line; true when that ends the document too. */
  #breakLine(): boolean {
    if (!this.#isLines) {
      this.#line++;
      return false;
    }
    this.#fault('The JSON ends in the middle of the line.');
    this.#isSkipping = false;
    this.#line++;
    return true;
  }

  /** Gives the document up: the rest of the line, or of a file that is one document, is skipped. */
  #fault(reason: string): void {
    const entry = this.#isUnpacking ? { entry: this.#entry } : {};
    const line = this.#start >= 0 ? this.#pieceLine : this.#line;
    this.#found.push({ document: this.#document, line, ...entry, bytes: Buffer.alloc(0), fault: reason });
    this.#dropPiece();
    this.#depth = 0;
    this.#inString = false;
    this.#isEscaped = false;
    this.#isUnpacking = false;
    this.#isSkipping = true;
  }

  #beginPiece(at: number): void {
    this.#start = at;
    this.#pieceLine = this.#line;
  }

  #dropPiece(): void {
    this.#parts = [];
    this.#gathered = 0;
    this.#start = -1;
    this.#isTooLong = false;
  }

  #endPiece(chunk: Buffer, end: number, entry?: number): void {
    const part = chunk.subarray(this.#start, end);
    const piece = { document: this.#document, line: this.#pieceLine, ...(entry === undefined ? {} : { entry }) };
    if (this.#isTooLong || this.#gathered + part.length > this.#longestPiece) {
      const limit = Math.floor(this.#longestPiece / mebibyte);
      const fault =
        entry === undefined
          ? `The document is longer than ${limit} MiB. In a large Bundle, put resourceType and type before entry.`
          : `The entry is longer than ${limit} MiB.`;
      this.#found.push({ ...piece, bytes: Buffer.alloc(0), fault });
    } else {
      const bytes = this.#parts.length === 0 ? part : Buffer.concat([...this.#parts, part]);
      this.#found.push({ ...piece, bytes });
    }
    this.#dropPiece();
  }

  /** Carries an unfinished piece over to the next chunk. */
  #keepRest(chunk: Buffer): void {
    if (this.#start < 0) return;
    const part = chunk.subarray(this.#start);
    this.#gathered += part.length;
    if (this.#gathered > this.#longestPiece) {
      this.#isTooLong = true;
      this.#parts = [];
    }
    if (!this.#isTooLong) this.#parts.push(part);
  }
}
