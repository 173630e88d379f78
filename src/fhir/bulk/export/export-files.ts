import type { ObjectStorage, UnfinishedFile } from '#lib/object-storage/index.ts';
import type { ExportedFile, FileKey } from './export-request.ts';

interface OpenFile extends FileKey {
  name: string;
  count: number;
  file: UnfinishedFile;
  /** Nothing will be added to it. */
  isComplete?: true;
}

/** Plain JSON. */
export interface FilesState {
  files: readonly ExportedFile[];
  open?: OpenFile;
  /** Lines of output that are in the files. */
  resources: number;
}

export interface FilesOptions {
  storage: ObjectStorage;
  folder: string;
  fileLength: number;
  pieceLength: number;
}

type Save = () => Promise<void>;

const lineFeed = 0x0a;

/** The NDJSON files of an export: gathers lines, and writes them in pieces, after each of which it can go on. */
export class ExportFiles {
  readonly #options: FilesOptions;
  readonly #finished: ExportedFile[];
  #open: OpenFile | undefined;
  #written: number;
  #key: FileKey | undefined;
  /** The lines that are gathered: the same memory for each piece, which would otherwise be garbage. */
  #piece: Buffer;
  #byteLength = 0;
  #count = 0;

  constructor(options: FilesOptions, { files, open, resources }: FilesState) {
    this.#options = options;
    this.#piece = Buffer.allocUnsafe(options.pieceLength);
    this.#finished = [...files];
    this.#open = open;
    this.#written = resources;
    this.#key = open;
  }

  get finished(): readonly ExportedFile[] {
    return this.#finished;
  }

  /** Lines of output so far, gathered ones included. */
  get resources(): number {
    return this.#written + (this.#key?.kind === 'output' ? this.#count : 0);
  }

  get state(): FilesState {
    return { files: this.#finished, ...(this.#open && { open: this.#open }), resources: this.#written };
  }

  /** Before anything else, when another process wrote up to here. */
  async resume(save: Save): Promise<void> {
    if (!this.#open) return;
    if (this.#open.isComplete) await this.#finish(save);
    else this.#open = { ...this.#open, file: await this.#options.storage.resume(this.#open.file) };
    await save();
  }

  add(key: FileKey, contents: readonly string[]): void {
    if (contents.length === 0) return;
    this.#key = key;
    for (const content of contents) this.#addLine(content);
    this.#count += contents.length;
  }

  #addLine(content: string): void {
    const start = this.#byteLength;
    const end = start + Buffer.byteLength(content);
    if (end >= this.#piece.length) {
      const grown = Buffer.allocUnsafe(Math.max(end + 1, 2 * this.#piece.length));
      this.#piece.copy(grown, 0, 0, start);
      this.#piece = grown;
    }
    this.#piece.write(content, start);
    this.#piece[end] = lineFeed;
    this.#byteLength = end + 1;
  }

  /** Before lines of another kind come: closes what is open, if it is something else, and saves. */
  async turnTo({ kind, type }: FileKey, save: Save): Promise<void> {
    if (!this.#key || (this.#key.kind === kind && this.#key.type === type)) return;
    await this.close(save);
    await save();
  }

  /** Writes what is gathered, if it is enough, and saves. */
  async writePieces(save: Save): Promise<void> {
    const { pieceLength, fileLength } = this.#options;
    if (this.#byteLength < pieceLength) return;
    await this.#writePiece();
    if ((this.#open?.file.byteLength ?? 0) >= fileLength) await this.#finish(save);
    await save();
  }

  /** Writes all that is gathered, and finishes the file. */
  async close(save: Save): Promise<void> {
    if (this.#byteLength > 0) await this.#writePiece();
    await this.#finish(save);
    this.#key = undefined;
  }

  async #writePiece(): Promise<void> {
    const key = this.#key;
    if (!key) throw new Error('There are lines of no kind');
    const { storage } = this.#options;
    const open = this.#open ?? (await this.#begin(key));
    const file = await storage.append(open.file, this.#piece.subarray(0, this.#byteLength));
    this.#open = { ...open, file, count: open.count + this.#count };
    if (key.kind === 'output') this.#written += this.#count;
    this.#byteLength = 0;
    this.#count = 0;
  }

  async #begin({ kind, type }: FileKey): Promise<OpenFile> {
    const { storage, folder } = this.#options;
    const number = this.#finished.filter((file) => file.kind === kind && file.type === type).length + 1;
    const name = kind === 'output' ? `${type}.${number}.ndjson` : `${kind}.${number}.ndjson`;
    return { kind, type, name, count: 0, file: await storage.begin(`${folder}/${name}`) };
  }

  /** Says first that it is complete: whoever comes after must know whether to go on with it. */
  async #finish(save: Save): Promise<void> {
    if (!this.#open) return;
    if (!this.#open.isComplete) {
      this.#open = { ...this.#open, isComplete: true };
      await save();
    }
    const { kind, type, name, count, file } = this.#open;
    await this.#options.storage.finish(file);
    this.#finished.push({ kind, type, name, count, byteLength: file.byteLength });
    this.#open = undefined;
  }
}
