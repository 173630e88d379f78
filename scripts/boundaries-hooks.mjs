// Preloaded before dependency-cruiser, which needs the compiler's JavaScript interface. TypeScript 7 has none any more;
// @ts-morph/common carries the last compiler with one, and no `tsc` of its own that would hide ours.
import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const compiler = join(dirname(createRequire(import.meta.url).resolve('@ts-morph/common')), 'typescript.js');
const manifest = 'meridian:typescript-manifest';

registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.includes('/dependency-cruiser/')) return next(specifier, context);
    if (specifier === 'typescript')
      return { url: pathToFileURL(compiler).href, format: 'commonjs', shortCircuit: true };
    if (specifier === 'typescript/package.json') return { url: manifest, format: 'commonjs', shortCircuit: true };
    return next(specifier, context);
  },
  load(url, context, next) {
    if (url !== manifest) return next(url, context);
    return { format: 'commonjs', source: 'module.exports = { version: "6.0.0" }', shortCircuit: true };
  },
});
