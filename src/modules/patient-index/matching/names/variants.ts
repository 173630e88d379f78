import { readFileSync } from 'node:fs';

const file = new URL('../../../../../content/names/variants.json', import.meta.url);

let table: ReadonlyMap<string, string> | undefined;

function load(): ReadonlyMap<string, string> {
  const { variants } = JSON.parse(readFileSync(file, 'utf8')) as { variants: string };
  const forms = new Map<string, string>();
  for (const entry of variants.split(' ')) {
    const [simplified = '', ...others] = entry;
    for (const other of others) forms.set(other, simplified);
  }
  return forms;
}

/** A text with traditional and variant characters in their simplified form: 張偉 is 张伟. */
export function foldVariants(text: string): string {
  table ??= load();
  let folded = '';
  for (const character of text) folded += table.get(character) ?? character;
  return folded;
}
