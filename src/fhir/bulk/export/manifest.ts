import { instantOf } from '../../store/index.ts';
import type { ExportedFile, ExportResult } from './export-request.ts';

/** https://hl7.org/fhir/uv/bulkdata/STU2/export.html#response---output-manifest */
export function printManifest(baseUrl: string, id: string, request: string, result: ExportResult): string {
  const { transactionTime, files } = result;
  const list = (kind: ExportedFile['kind']) =>
    files
      .filter((file) => file.kind === kind)
      .map(({ type, name, count }) => ({ type, url: `${baseUrl}/$export-file/${id}.${name}`, count }));
  return JSON.stringify({
    transactionTime: instantOf(transactionTime),
    request,
    requiresAccessToken: false,
    output: list('output'),
    deleted: list('deleted'),
    error: list('error'),
  });
}
