import { v7 as uuidv7 } from 'uuid';
import { type AnyTask, createJobs } from '#lib/jobs/index.ts';
import type { JsonObject } from '#lib/json/index.ts';
import type { Pool } from '#lib/postgres/pool.ts';
import {
  type Access,
  type Actor,
  createWriteGuard,
  fullAccess,
  noTrail,
  operatorAccess,
  type Trail,
} from './access/index.ts';
import { type BulkOptions, createBulk } from './bulk/assemble.ts';
import { createIdempotency } from './idempotency/index.ts';
import { createReindex, enqueueParameter, type Reindex } from './reindex/index.ts';
import type { BeforeCreate, FhirContext, Operation, WritePolicy } from './rest/index.ts';
import { danglingReferences } from './rest/operations/dangling-references.ts';
import {
  everythingOperations,
  expungeOperations,
  metaOperations,
  validateOperation,
  validationReport,
} from './rest/operations/index.ts';
import { createSearch } from './search/index.ts';
import { createParameterBook } from './search-parameters/index.ts';
import { createStore, type StoreDependencies, type TextSearch } from './store/index.ts';
import { createSubscriptions, type SubscriptionOptions, type Subscriptions } from './subscription/index.ts';
import { createTerminology } from './terminology/index.ts';
import {
  collectReferences,
  createValidator,
  insertIssues,
  storedDefinitions,
  type ValidationPolicy,
} from './validation/index.ts';

export interface FhirDependencies {
  pool: Pool;
  /** For what must not wait for, or roll back with, a transaction: two connections. */
  sidePool: Pool;
  /** Without a trailing slash: `http://127.0.0.1:8080/fhir`. */
  baseUrl: string;
  /** Milliseconds since 1970 UTC. */
  now: () => number;
  /** Whose words are indexed for _text and _content; `narrative` unless it is said otherwise. */
  textSearch?: TextSearch | undefined;
  writes?: Partial<WritePolicy> | undefined;
  /** Strict for everybody unless it is said otherwise. */
  validation?: ValidationPolicy | undefined;
  /** What an operator sends as Bearer to expunge; without it, that is refused. */
  operatorToken?: string | undefined;
  /** Where it is put down who looked at and changed what; nowhere, unless it is said otherwise. */
  trail?: Trail | undefined;
  /** What an actor may do now, for work that goes on after their request; everything, unless it is said otherwise. */
  accessOf?: ((actor: Actor) => Promise<Access | undefined>) | undefined;
  /** The security labels of what is written, and what modules derive from it. */
  label?: StoreDependencies['label'];
  derived?: StoreDependencies['derived'];
  /** What /metadata says of how one comes in: CapabilityStatement.rest.security. */
  security?: JsonObject | undefined;
  /** What is looked for before something is created. */
  beforeCreate?: BeforeCreate | undefined;
  /** What modules add. */
  operations?: readonly Operation[] | undefined;
  tasks?: readonly AnyTask[] | undefined;
  /** Where bulk exports and imports keep their files; without it, they are not offered. */
  bulk?: BulkOptions | undefined;
  /** Where topics are, and who may be sent notifications; without it, there are no subscriptions. */
  subscriptions?: SubscriptionOptions | undefined;
}

/** The FHIR server, and what runs beside its interactions. */
export interface Fhir extends FhirContext {
  /** To be started and stopped with the process. */
  subscriptions: Subscriptions | undefined;
  /** To be started with the process. */
  reindex: Pick<Reindex, 'start' | 'isBehind'>;
}

const ownOperations = (operatorToken: string): Operation[] => [
  danglingReferences,
  ...everythingOperations,
  ...metaOperations,
  validateOperation,
  validationReport,
  ...expungeOperations(operatorToken),
];

/** Puts the FHIR server together, from the bottom up. */
export function createFhir(dependencies: FhirDependencies): Fhir {
  const { pool, sidePool, baseUrl, now, bulk, textSearch, writes } = dependencies;
  const validator = createValidator({
    policy: dependencies.validation ?? { byDefault: 'strict', organisations: [] },
    definitions: storedDefinitions(pool),
    valueSets: { contains: (...asked) => terminology.valueSets.contains(...asked) },
  });
  const trail = dependencies.trail ?? noTrail;
  const accessOf = dependencies.accessOf ?? (async (actor) => fullAccess(actor));
  const guard = createWriteGuard({ search: () => search, trail, now });
  const jobs = createJobs(pool);
  const parameters = createParameterBook(sidePool);
  const store = createStore({
    pool,
    sidePool,
    parameters,
    onParameter: enqueueParameter(jobs),
    references: writes?.references === 'reject' ? { find: collectReferences } : undefined,
    now,
    textSearch,
    issues: { of: validator.issuesOf, save: insertIssues },
    onWritten: () => subscriptions?.onWritten(),
    guard: {
      before: (connection, changes) => guard.before(connection, changes),
      after: async (connection, written) => {
        await guard.after(connection, written);
        await subscriptions?.owners.note(connection, written);
      },
    },
    label: dependencies.label,
    derived: dependencies.derived,
  });
  const terminology = createTerminology({ pool, store });
  const search = createSearch({ pool, baseUrl, parameters, textSearch, terminology: terminology.search });
  const reindex = createReindex({ pool, store, parameters, jobs });
  const { operations: bulkOperations = [], tasks: bulkTasks = [] } = bulk
    ? createBulk({ pool, store, search, jobs, baseUrl, now, accessOf, check: validator.checkAtOnce }, bulk)
    : {};
  const subscriptions =
    dependencies.subscriptions &&
    createSubscriptions({ pool, store, search, parameters, baseUrl, now, accessOf }, dependencies.subscriptions);
  return {
    access: operatorAccess,
    trail,
    pool,
    store,
    search,
    validator,
    writes: { conditionalDeletes: 1, references: 'accept', ...writes },
    idempotency: createIdempotency({ pool, sidePool, now }),
    baseUrl,
    security: dependencies.security,
    now,
    newId: uuidv7,
    beforeCreate: dependencies.beforeCreate,
    operations: [
      ...ownOperations(dependencies.operatorToken ?? ''),
      ...bulkOperations,
      ...terminology.operations,
      ...reindex.operations,
      ...(subscriptions?.operations ?? []),
      ...(dependencies.operations ?? []),
    ],
    jobs,
    subscriptions,
    reindex,
    tasks: [...bulkTasks, ...reindex.tasks, ...(dependencies.tasks ?? [])],
  };
}
