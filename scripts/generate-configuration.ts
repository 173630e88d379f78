/** Prints docs/reference/configuration.md from the table of settings. */
import { writeFileSync } from 'node:fs';
import { variables } from '../src/apps/server/config.ts';

const rows = Object.entries(variables).map(
  ([name, { default: byDefault, meaning }]) => `| \`${name}\` | ${byDefault ? `\`${byDefault}\`` : ''} | ${meaning} |`,
);
const page = `# Configuration

Settings are environment variables, read once at the start. Printed from \`src/apps/server/config.ts\`.

| Variable | Default | Meaning |
|---|---|---|
${rows.join('\n')}
`;
writeFileSync(new URL('../docs/reference/configuration.md', import.meta.url), page);
