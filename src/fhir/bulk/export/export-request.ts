/** What is to be exported. Plain JSON: it is kept with the job. */
export interface ExportRequest {
  level: 'system' | 'patient' | 'group';
  groupId?: string;
  /** Ids: of a Patient or Group level, only these. */
  patients?: readonly string[];
  /** In the order in which they are written. */
  types: readonly string[];
  /** Microseconds since 1970 UTC: only what was written after it. */
  since?: number;
  /** Microseconds since 1970 UTC: as it was then. */
  until?: number;
  /** Searches: of a type that has some, only what meets one of them. */
  typeFilters: Readonly<Record<string, readonly string[]>>;
  elements?: readonly string[];
  /** What was asked for and left out, to be told in the error file. */
  notes: readonly string[];
}

/** What one file is made of. */
export interface FileKey {
  kind: 'output' | 'deleted' | 'error';
  /** Resource type of its lines. */
  type: string;
}

export interface ExportedFile extends FileKey {
  /** Within the folder of the export: `Patient.1.ndjson`. */
  name: string;
  count: number;
  byteLength: number;
}

export interface ExportResult {
  /** Microseconds since 1970 UTC. */
  transactionTime: number;
  files: readonly ExportedFile[];
}
