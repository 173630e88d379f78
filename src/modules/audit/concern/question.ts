import type { Access } from '#fhir/access/index.ts';
import type { FhirContext } from '#fhir/rest/index.ts';
import { Failure } from '#lib/failure.ts';
import { inTransaction } from '#lib/postgres/pool.ts';
import { parseAgent } from '../event.ts';
import { requireTrailOf } from '../policy.ts';
import type { Concern, ConcernState } from './concern.ts';
import { judgeConcern, saveConcern, selectConcern, selectConcernsOfPatient, selectEvent } from './queries.ts';

type QuestionContext = Pick<FhirContext, 'pool' | 'store' | 'search' | 'trail' | 'now'>;

/** A resident asks the privacy officer why somebody looked at a record. Asked again, the later text stands. */
export async function askQuestion(
  context: QuestionContext,
  access: Access,
  { patient, event, text }: { patient: string; event: number; text: string },
): Promise<Concern> {
  await requireTrailOf(context, access, patient);
  const asked = await selectEvent(context.pool, event);
  if (!asked?.patients.split(' ').includes(patient)) {
    throw new Failure('not-found', 'There is no such look at this record: open the list again.');
  }
  const agent = parseAgent(asked.agent);
  const day = new Date(asked.at / 1000).toISOString().slice(0, 10);
  await inTransaction(context.pool, async (transaction) => {
    await saveConcern(transaction, {
      day,
      agent: agent.reference,
      agentDisplay: agent.display,
      patient,
      reasons: { question: text },
      firstEvent: asked.number,
      firstAt: asked.at,
      looks: 0,
    });
    await context.trail.write(transaction, [
      { ...entryOf(context, access), interaction: 'audit.asked', patients: [patient], detail: `event ${event}` },
    ]);
  });
  const concerns = await selectConcernsOfPatient(context.pool, patient, 50);
  const own = concerns.find((concern) => concern.agent === agent.reference && concern.day === day);
  if (!own) throw new Failure('conflict', 'The question was taken back meanwhile: ask again.');
  return own;
}

const entryOf = ({ now }: Pick<FhirContext, 'now'>, access: Access) =>
  ({ actor: access.actor, at: now(), action: 'E', outcome: '0', entities: [] }) as const;

/** The privacy officer judges what is unusual, or answers a question; never what they did themselves. */
export async function judge(
  context: QuestionContext,
  access: Access,
  judgement: { number: number; version: number; state: ConcernState; note: string },
): Promise<Concern> {
  const { actor } = access;
  const known = await selectConcern(context.pool, judgement.number);
  if (!known) throw new Failure('not-found', `There is no entry ${judgement.number}.`);
  if (known.agent === actor.reference) {
    throw new Failure('forbidden', 'This is about your own look: somebody else has to judge it.');
  }
  return inTransaction(context.pool, async (transaction) => {
    const judged = await judgeConcern(transaction, {
      ...judgement,
      reviewer: actor.reference,
      reviewerDisplay: actor.display,
    });
    if (!judged) throw new Failure('conflict', 'Somebody has changed this entry since you opened it: open it again.');
    await context.trail.write(transaction, [
      {
        ...entryOf(context, access),
        interaction: 'audit.judged',
        patients: known.patient === '' ? [] : [known.patient],
        detail: `${judgement.number} ${judgement.state}`,
      },
    ]);
    return judged;
  });
}
