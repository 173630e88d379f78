import type { JsonObject } from '#lib/json/index.ts';
import { compileExtractor, type Extractor } from './compile-extractor.ts';
import type { IndexSink } from './index-sink.ts';
import { plannedParameters } from './parameters.ts';

const extractors = new Map<string, Extractor>();

/** Tells the sink all that the search parameters of the resource's type find in it. */
export function indexResource(resource: JsonObject, sink: IndexSink): void {
  const resourceType = resource.resourceType as string;
  let extract = extractors.get(resourceType);
  if (extract === undefined) {
    extract = compileExtractor(plannedParameters(resourceType).values());
    extractors.set(resourceType, extract);
  }
  extract(resource, sink);
}
