/** A file that is being written. It is plain JSON: whoever has it can go on, also in another process. */
export interface UnfinishedFile {
  readonly name: string;
  readonly byteLength: number;
  /** Only of a folder. */
  readonly part?: string;
  /** Only of S3. */
  readonly uploadId?: string;
  readonly parts?: readonly string[];
}

export interface ByteRange {
  first: number;
  /** Inclusive. */
  last: number;
}

export interface StoredFile {
  byteLength: number;
  /** Of the range, if there is one. Ending the iteration early releases what it holds. */
  bytes: AsyncIterable<Uint8Array>;
}

/**
 * Files of any size, written in pieces and read as streams, in a folder or in S3-compatible storage. Names are made of
 * letters, digits, dots and hyphens, in folders separated by slashes.
 */
export interface ObjectStorage {
  begin(name: string): Promise<UnfinishedFile>;
  /**
   * To be called before a file is gone on with that another process began: from now on, what that may still do to it has
   * no effect, or is noticed. What it wrote after `file` is left out.
   */
  resume(file: UnfinishedFile): Promise<UnfinishedFile>;
  /**
   * Adds bytes, and returns once they are safe. To add something else to the same `file` replaces them. Every piece but
   * the last must have at least `leastPiece` bytes.
   */
  append(file: UnfinishedFile, bytes: Uint8Array): Promise<UnfinishedFile>;
  /** From now on the file can be read. To finish it again does nothing. */
  finish(file: UnfinishedFile): Promise<void>;
  /** Undefined when there is no such file. The range must lie within the file. */
  read(name: string, range?: ByteRange): Promise<StoredFile | undefined>;
  /** Removes all files of a folder, unfinished ones too; it may be gone already. */
  removeFolder(name: string): Promise<void>;
}

/** S3 takes no smaller part, except as the last one. */
export const leastPiece = 5 * 1024 * 1024;

const namePattern = /^(?:[A-Za-z0-9][A-Za-z0-9.-]*\/)*[A-Za-z0-9][A-Za-z0-9.-]*$/;

/** Whether a name is one that storage can have: in particular, it cannot leave its folder. */
export const isName = (name: string): boolean => name.length <= 500 && namePattern.test(name) && !name.includes('..');

export function requireName(name: string): string {
  if (!isName(name)) throw new Error(`${JSON.stringify(name)} is no name of a stored file`);
  return name;
}
