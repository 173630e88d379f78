import { Failure } from '#lib/failure.ts';
import { type Answer, type Interaction, isOfForm } from './answer.ts';
import type { FhirContext } from './context.ts';
import { create } from './interactions/create.ts';
import { remove } from './interactions/delete.ts';
import { history } from './interactions/history.ts';
import { patch } from './interactions/patch.ts';
import { read, vread } from './interactions/read.ts';
import { search } from './interactions/search.ts';
import { update } from './interactions/update.ts';
import { runOperationEntry } from './run-operation.ts';

/** Carries out one interaction of an address, as a request of its own or as an entry of a batch. */
export async function perform(context: FhirContext, interaction: Interaction): Promise<Answer> {
  if (interaction.operation !== undefined) return runOperationEntry(context, interaction, interaction);
  refuseUnknownParameters(interaction);
  switch (interaction.method) {
    case 'GET':
    case 'HEAD':
      return performGet(context, interaction);
    case 'POST':
      if (interaction.id === '_search') return search(context, { ...interaction, id: undefined });
      if (interaction.id !== undefined)
        throw new Failure('not-supported', 'Post to a resource type, not to a resource.');
      return create(context, interaction);
    case 'PUT':
      return update(context, interaction);
    case 'DELETE':
      return remove(context, interaction);
    case 'PATCH':
      return patch(context, interaction);
  }
}

const ofRead = ['_summary', '_elements'];

/** Searches, histories and conditions look at their parameters themselves; the others know hardly any. */
function refuseUnknownParameters({ method, type, id, version, parameters, prefer }: Interaction): void {
  if (prefer.handling !== 'strict' || type === '_history' || version === '' || id === '_history' || id === '_search')
    return;
  const isRead = method === 'GET' || method === 'HEAD';
  if (id === undefined && method !== 'POST') return;
  const unknown = parameters.find(([name]) => !isOfForm(name) && !(isRead && ofRead.includes(name)));
  if (unknown)
    throw new Failure('value', `The parameter "${unknown[0].slice(0, 64)}" means nothing here. Leave it out.`);
}

async function performGet(context: FhirContext, interaction: Interaction): Promise<Answer> {
  const { type, id, version } = interaction;
  if (type === '_history' && id === undefined) return history(context, { ...interaction, type: undefined });
  if (id === '_history') return history(context, { ...interaction, id: undefined });
  if (version === '') return history(context, interaction);
  if (version !== undefined) return vread(context, interaction);
  if (type !== undefined && id !== undefined) return read(context, interaction);
  return search(context, interaction);
}
