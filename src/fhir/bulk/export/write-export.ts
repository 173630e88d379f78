import { type JsonObject, parseJson, printJson } from '#lib/json/index.ts';
import type { ObjectStorage } from '#lib/object-storage/index.ts';
import type { Restriction } from '../../search/index.ts';
import { elementsOf } from '../../validation/index.ts';
import { ExportFiles, type FilesState } from './export-files.ts';
import type { ExportRequest, ExportResult, FileKey } from './export-request.ts';
import { type PrepareDependencies, type Prepared, prepareExport } from './prepare-export.ts';
import { type Section, sectionsOf } from './sections.ts';
import type { Page, Position, Walk, WalkScope } from './walk.ts';

/** How far an export is: plain JSON, from which another process can go on. */
export interface ExportState extends FilesState {
  prepared: Prepared;
  /** Index of the section that is under way, and the place in it up to which everything is in the files. */
  section: number;
  position?: Position;
}

export interface ExportDependencies extends PrepareDependencies {
  storage: ObjectStorage;
  /** Bytes after which a file is closed and another one begun. */
  fileLength?: number;
  /** Bytes that are gathered before they are written: for S3, 5 MiB at least. */
  pieceLength?: number;
}

export interface ExportRun {
  /** Id of the export, and the name of its folder in the storage. */
  id: string;
  request: ExportRequest;
  restriction: Restriction | undefined;
  /** Where an earlier process got to. */
  state: ExportState | undefined;
  save(state: ExportState): Promise<void>;
  signal: AbortSignal;
  onProgress?: (progress: { resources: number; total: number | undefined; title: string }) => void;
}

const mebibyte = 1024 * 1024;

/**
 * Writes an export into the storage. What is in memory at a time is a page and a piece of a file, however much is
 * exported; the next page is read while a piece is written.
 */
export async function writeExport(deps: ExportDependencies, run: ExportRun): Promise<ExportResult> {
  const { id, request, signal, save } = run;
  let state = run.state;
  if (!state) {
    const prepared = await prepareExport(deps, id, request, signal);
    state = { prepared, section: 0, files: [], resources: 0 };
    await save(state);
  }
  const writing = new Export(deps, run, state);
  if (run.state) await writing.resume();
  return writing.write();
}

class Export {
  readonly #run: ExportRun;
  readonly #sections: readonly Section[];
  readonly #scope: WalkScope;
  readonly #files: ExportFiles;
  readonly #prepared: Prepared;
  #section: number;
  #position: Position | undefined;

  constructor(deps: ExportDependencies, run: ExportRun, state: ExportState) {
    const { request, id, restriction } = run;
    this.#run = run;
    this.#sections = sectionsOf(request);
    this.#prepared = state.prepared;
    this.#section = state.section;
    this.#position = state.position;
    const { transactionTime } = state.prepared;
    this.#scope = {
      ...deps,
      exportId: id,
      restriction,
      instants: { asOf: Math.min(request.until ?? transactionTime, transactionTime), since: request.since ?? -1 },
      members:
        request.groupId !== undefined || request.patients !== undefined
          ? 'noted'
          : request.level === 'patient'
            ? 'any-patient'
            : 'all',
    };
    const { storage, fileLength = 1024 * mebibyte, pieceLength = 8 * mebibyte } = deps;
    this.#files = new ExportFiles({ storage, folder: id, fileLength, pieceLength }, state);
  }

  resume(): Promise<void> {
    return this.#files.resume(() => this.#save());
  }

  async write(): Promise<ExportResult> {
    for (;;) {
      const section = this.#sections[this.#section];
      if (!section) break;
      await this.#writeSection(section);
    }
    await this.#writeNotes();
    await this.#files.close(() => this.#save());
    await this.#save();
    return { transactionTime: this.#prepared.transactionTime, files: this.#files.finished };
  }

  async #writeNotes(): Promise<void> {
    const key: FileKey = { kind: 'error', type: 'OperationOutcome' };
    if (this.#files.finished.some(({ kind }) => kind === key.kind)) return;
    await this.#files.turnTo(key, () => this.#save());
    this.#files.add(key, this.#prepared.notes.map(printNote));
  }

  async #writeSection({ key, title, walk }: Section): Promise<void> {
    await this.#files.turnTo(key, () => this.#save());
    const give = walk(this.#scope);
    let page: Promise<Page> | undefined = this.#read(give, this.#position);
    while (page) {
      const { contents, next }: Page = await page;
      this.#run.signal.throwIfAborted();
      page = next && this.#read(give, next);
      this.#files.add(key, key.kind === 'output' ? this.#subset(contents) : contents);
      if (next) this.#position = next;
      else {
        this.#section += 1;
        this.#position = undefined;
      }
      await this.#files.writePieces(() => this.#save());
      this.#run.onProgress?.({ resources: this.#files.resources, total: this.#prepared.total, title });
    }
  }

  #read(walk: Walk, position: Position | undefined): Promise<Page> {
    const page = walk(position);
    page.catch(() => {}); // Whoever awaits it hears of it.
    return page;
  }

  #subset(contents: string[]): string[] {
    const { elements } = this.#run.request;
    if (!elements) return contents;
    return contents.map((content) => {
      const resource = parseJson(content) as JsonObject;
      const own = elements.filter((name) => !/^[A-Z]/.test(name) || name.startsWith(`${resource.resourceType}.`));
      return own.length > 0 ? printJson(elementsOf(resource, own)) : content;
    });
  }

  #save(): Promise<void> {
    return this.#run.save({
      ...this.#files.state,
      prepared: this.#prepared,
      section: this.#section,
      ...(this.#position && { position: this.#position }),
    });
  }
}

const printNote = (diagnostics: string): string =>
  JSON.stringify({
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'warning', code: 'incomplete', diagnostics }],
  });
