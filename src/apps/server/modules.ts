import { printSecurity } from '#adapters/smart/index.ts';
import type { Access, Actor } from '#fhir/access/index.ts';
import type { Fhir } from '#fhir/assemble.ts';
import { startWorker } from '#lib/jobs/index.ts';
import type { Vault } from '#lib/vault.ts';
import { type AccessModule, asWritten, createAccess, isRole, loadDataCategories } from '#modules/access/index.ts';
import { auditOperations, startWatcher } from '#modules/audit/index.ts';
import { createConsentClock } from '#modules/consent/index.ts';
import {
  createBackground,
  createCurrentModel,
  createMatching,
  matchingTasks,
  matchOperations,
  mergeOperations,
  type PatientMatching,
  personRows,
  searchBeforeCreate,
  startMatching,
} from '#modules/patient-index/index.ts';
import { createVaultOf } from './accounts.ts';
import { openAudit } from './audit.ts';
import { bulkOptions } from './bulk.ts';
import type { Config } from './config.ts';
import { mayStillAct } from './still-acts.ts';
import { subscriptionOptions } from './subscriptions.ts';
import { validationPolicy } from './validation-policy.ts';
import type { Services } from './wire.ts';

type Log = (event: string, details: Record<string, unknown>) => void;

/** The FHIR server with what the modules put into it, and the modules. */
export interface Modules {
  fhir: Fhir;
  access: AccessModule;
  matching: PatientMatching;
  vault: Vault;
  /** What has to run before the first resource is written. */
  begin(): Promise<void>;
  /** Begins the work in the background. */
  work(): Promise<void>;
  /** Ends it; the trail last, since whatever ends may still be put down. */
  stop(): Promise<void>;
}

export async function createModules(
  services: Services,
  { config, connectionString, baseUrl, log }: { config: Config; connectionString: string; baseUrl: string; log: Log },
): Promise<Modules> {
  const audit = openAudit(config, connectionString, log);
  const matching = createMatching(createCurrentModel(services.pool, Date.now));
  // The FHIR server asks what an actor may do, and what that means is a search of it.
  const accessOf = async (actor: Actor): Promise<Access | undefined> => {
    const { role } = actor;
    return isRole(role) && (await mayStillAct(services.pool, actor)) ? access.accessOf({ ...actor, role }) : undefined;
  };
  const fhir = services.fhir(baseUrl, {
    accessOf,
    label: asWritten,
    beforeCreate: searchBeforeCreate(matching),
    trail: audit.trail,
    bulk: bulkOptions(config),
    subscriptions: subscriptionOptions(config, log),
    operations: [...auditOperations, ...mergeOperations, ...matchOperations(matching)],
    tasks: matchingTasks({ pool: services.pool, now: Date.now }),
    derived: [personRows],
    operatorToken: config.MERIDIAN_OPERATOR_TOKEN,
    security: printSecurity(baseUrl),
    validation: validationPolicy(config),
    writes: { references: config.MERIDIAN_REFERENCES, conditionalDeletes: config.MERIDIAN_CONDITIONAL_DELETES },
  });
  const access = createAccess({ ...fhir, categories: await loadDataCategories(fhir) });
  const background: { stop(): Promise<void> | void }[] = [];
  return {
    fhir,
    access,
    matching,
    vault: createVaultOf(config),
    begin: async () => {
      await audit.start();
      await fhir.reindex.start();
    },
    work: async () => {
      const { pool, jobs, tasks, subscriptions } = fhir;
      const patientIndex = createBackground({ ...fhir, matching, log });
      const consents = createConsentClock({ ...fhir, log });
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      background.push(startWorker({ pool, jobs, tasks, log }), patientIndex, consents);
      background.push(startWatcher(fhir, { timeZone, log }));
      await subscriptions?.start();
      await startMatching(fhir);
      patientIndex.start();
      consents.start();
    },
    stop: async () => {
      for (const one of background) await one.stop();
      await fhir.subscriptions?.stop();
      await audit.stop();
    },
  };
}
