import type { JsonObject } from '#lib/json/index.ts';
import { isObject } from './json-value.ts';

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Elements that end a word; between the letters of a word there is formatting only. */
const blocks =
  /<\/?(?:address|blockquote|br|caption|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|table|tbody|td|tfoot|th|thead|tr|ul)\b[^>]*>/gi;

/** What a reader sees of XHTML. */
function plainText(xhtml: string): string {
  const text = xhtml
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(blocks, ' ')
    .replace(/<[^>]*>/g, '');
  return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return entities[name] ?? whole;
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

/** The narrative of a resource, for `_text`. */
export function narrativeOf({ text }: JsonObject): string {
  return isObject(text) && typeof text.div === 'string' ? plainText(text.div) : '';
}

/** Names of elements that name something else, or say how to read it: no words of the resource. */
const passedOver = new Set([
  'resourceType',
  'id',
  'meta',
  'reference',
  'system',
  'url',
  'contentType',
  'language',
  'data',
]);
const address = /^[a-z][a-z0-9+.-]*:\S+$/i;

/** Every text of a resource, its narrative included, for `_content`: what is read, not what only machines read. */
export function contentOf(resource: JsonObject): string {
  const texts: string[] = [];
  const gather = (value: unknown, name: string): void => {
    if (typeof value === 'string') {
      if (name === 'div') texts.push(plainText(value));
      else if (!address.test(value)) texts.push(value);
    } else if (Array.isArray(value)) {
      for (const item of value) gather(item, name);
    } else if (isObject(value)) {
      for (const [key, item] of Object.entries(value)) if (!passedOver.has(key)) gather(item, key);
    }
  };
  gather(resource, '');
  return texts.join(' . ');
}
