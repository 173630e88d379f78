/** Prints ARCHITECTURE.md: what is written by hand in docs/architecture.template.md, and the module graph from the source. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, posix } from 'node:path';

const importPattern = /(?:^|\n)\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'/g;

/** The room of a file: `fhir/store`, `lib/postgres`, `adapters/portal`, `portal/features`. */
function roomOf(path: string): string {
  const parts = dirname(path).split('/');
  return parts[0] === 'src' ? parts.slice(1, 3).join('/') : parts.slice(0, 2).join('/');
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith('#population/')) return specifier.replace('#population/', 'population/');
  if (specifier.startsWith('#')) return specifier.replace('#', 'src/');
  return specifier.startsWith('.') ? posix.join(dirname(from), specifier) : undefined;
}

function readEdges(): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  const files = globSync('{src,portal,population}/**/*.{ts,tsx}')
    .filter((path) => !/[.](test|prop)[.]tsx?$|^src\/testing|^portal\/dist|node_modules/.test(path))
    .sort();
  for (const file of files) {
    const room = roomOf(file);
    for (const [, specifier = ''] of readFileSync(file, 'utf8').matchAll(importPattern)) {
      const target = resolveImport(file, specifier);
      if (target === undefined || roomOf(target) === room) continue;
      edges.set(room, (edges.get(room) ?? new Set()).add(roomOf(target)));
    }
  }
  return edges;
}

const isShown = (room: string) =>
  !room.startsWith('lib') && !room.startsWith('portal') && !room.startsWith('population/');

function printGraph(edges: Map<string, Set<string>>): string {
  const rooms = [...edges.keys()].filter(isShown).sort();
  const lines = rooms.flatMap((room) =>
    [...(edges.get(room) ?? [])]
      .filter(isShown)
      .sort()
      .map((target) => `  ${room.replace('/', '_')}["${room}"] --> ${target.replace('/', '_')}["${target}"]`),
  );
  return `\`\`\`mermaid\nflowchart TD\n${lines.join('\n')}\n\`\`\``;
}

const template = readFileSync('docs/architecture.template.md', 'utf8');
writeFileSync(
  'ARCHITECTURE.md',
  template.replace('<!-- graph -->', () => printGraph(readEdges())),
);
