import { Failure } from '#lib/failure.ts';
import { type JsonObject, parseJson } from '#lib/json/index.ts';
import { elementsOf, summaryOf } from '../validation/index.ts';
import type { Answer, Interaction } from './answer.ts';

/** What `_summary` and `_elements` leave of a resource; most requests ask for neither and get the stored text. */
export function chooseSubset({ parameters }: Pick<Interaction, 'parameters'>): (content: string) => string {
  const elements = parameters.flatMap(([name, value]) => (name === '_elements' ? value.split(',') : []));
  const summary = parameters.find(([name]) => name === '_summary')?.[1];
  if (elements.length > 0) {
    const names = elements.map((name) => name.trim());
    return (content) => JSON.stringify(elementsOf(parseJson(content) as JsonObject, names));
  }
  if (summary === 'true' || summary === 'text' || summary === 'data') {
    return (content) => JSON.stringify(summaryOf(parseJson(content) as JsonObject, summary));
  }
  return (content) => content;
}

const modesOfRead = ['true', 'false', 'text', 'data'];

/** A resource that was read, or the part of it that was asked for. https://hl7.org/fhir/R4/search.html#elements */
export function answerSubset(answer: Answer, interaction: Pick<Interaction, 'parameters'>): Answer {
  for (const [name, value] of interaction.parameters) {
    if (name === '_summary' && !modesOfRead.includes(value)) {
      throw new Failure('value', `_summary of one resource must be one of ${modesOfRead.join(', ')}, not "${value}".`);
    }
    if (name === '_elements' && value.replaceAll(',', '').trim() === '') {
      throw new Failure('value', '_elements has no value: name the elements, divided by commas.');
    }
  }
  const { body } = answer;
  return typeof body === 'string' ? { ...answer, body: chooseSubset(interaction)(body) } : answer;
}
