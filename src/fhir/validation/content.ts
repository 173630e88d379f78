import { readdirSync, readFileSync } from 'node:fs';
import { isJsonObject, type JsonObject, parseJson } from '#lib/json/index.ts';
import { createProfiles, type Profiles } from './profile/profiles.ts';
import { isProfile, type StructureDefinition } from './profile/structure-definition.ts';

/** The profiles that come with Meridian. */
export interface Content {
  readonly definitions: readonly StructureDefinition[];
  readonly profiles: Profiles;
}

const folder = new URL('../../../content/profiles/', import.meta.url);

let content: Content | undefined;

export function createContent(): Content {
  content ??= read();
  return content;
}

function read(): Content {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const definitions = files.map((name) => {
    const value = parseJson(readFileSync(new URL(name, folder), 'utf8'));
    if (!isJsonObject(value) || !isProfile(value)) throw new Error(`content/profiles/${name} is no profile`);
    return value as JsonObject as unknown as StructureDefinition;
  });
  return { definitions, profiles: createProfiles(definitions) };
}
