import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import { searchParameter } from '../../indexing/index.ts';
import type { DefinitionSource } from '../definitions-cache.ts';
import { selectByUrls } from './queries.ts';

/** Profiles and Questionnaires that were stored as resources. */
export function storedDefinitions(pool: Pool): DefinitionSource {
  return {
    async find(type, urls) {
      const paths = searchParameter(type, 'url')?.branches.map(({ path }) => path) ?? [];
      const rows = await selectByUrls(pool, paths, urls);
      const found = new Map<string, JsonObject>();
      for (const { url, content } of rows) {
        const resource = parseJson(content);
        if (isJsonObject(resource)) found.set(url, resource);
      }
      return found;
    },
  };
}
