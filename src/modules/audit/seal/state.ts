import { instantOf } from '#fhir/store/index.ts';
import type { Connection } from '../queries.ts';
import { selectSealState, selectVerifications } from './queries.ts';

/** How the trail stands: for whoever looks after it. */
export async function readState(connection: Connection) {
  const { sealedAt, blocks, unsealed } = await selectSealState(connection);
  return {
    ...(sealedAt !== undefined && { sealedAt: instantOf(sealedAt) }),
    blocks,
    unsealed,
    verifications: await selectVerifications(connection, 10),
  };
}
