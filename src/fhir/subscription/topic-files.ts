import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import type { Search } from '../search/index.ts';
import { parseTopic, type Topic } from './topic.ts';

/** The topics in the files of a folder, by url; each file holds an R5 SubscriptionTopic. Fails on a file that does not. */
export async function readTopics(folder: string, search: Search): Promise<Map<string, Topic>> {
  const topics = new Map<string, Topic>();
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of names.sort()) {
    const topic = await parseTopic(parseJson(readFileSync(join(folder, name), 'utf8')) as JsonObject, search);
    if (topics.has(topic.url))
      throw new Failure('conflict', `Two topics have the url ${topic.url}: ${name} repeats it.`);
    topics.set(topic.url, topic);
  }
  return topics;
}
