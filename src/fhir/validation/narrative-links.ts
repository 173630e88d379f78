import { isJsonObject, type JsonObject, type JsonValue } from '#lib/json/index.ts';

const link = /<a\s[^>]*?href\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const anchor = /\s(?:id|name)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** What is wrong with the links of a narrative; `root` is the resource that it is part of. */
export function narrativeLinkProblems(xhtml: string, root: JsonObject): string[] {
  const problems: string[] = [];
  let ids: Set<string> | undefined;
  for (const [, double, single] of xhtml.matchAll(link)) {
    const address = (double ?? single ?? '').trim();
    if (address.startsWith('#')) {
      ids ??= idsIn(root);
      if (address.length > 1 && !ids.has(decode(address.slice(1))))
        problems.push(`links to ${address}, which is not there`);
    } else if (/^urn:/i.test(address)) problems.push(`links to ${address.slice(0, 100)}, which no browser can follow`);
  }
  return problems;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Ids of elements and of places in narratives. */
function idsIn(value: JsonValue, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) idsIn(item, found);
  if (!isJsonObject(value)) return found;
  if (typeof value.id === 'string') found.add(value.id);
  if (typeof value.div === 'string') {
    for (const [, double, single] of value.div.matchAll(anchor)) found.add(double ?? single ?? '');
  }
  for (const name in value) idsIn(value[name] as JsonValue, found);
  return found;
}
