import { Int2Column, Int4Column, TextColumn } from '#lib/postgres/binary-column.ts';
import type { Pool, Transaction } from '#lib/postgres/pool.ts';
import type { Concept, PropertyNames } from './concept.ts';
import { type ConceptSource, numberConcepts } from './hierarchy.ts';
import { lexemesOf } from './lexeme.ts';
import { type ConceptColumns, type ConceptSetRow, insertConcepts, lexemeSeparator } from './queries.ts';

const batchSize = 1_000;

/** PostgreSQL has no NUL in texts. */
const withoutNul = (text: string): string => (text.includes('\0') ? text.replaceAll('\0', '') : text);

/** Writes the concepts of a set that nobody sees yet, batch by batch. */
export async function writeConcepts(
  connection: Pool | Transaction,
  { conceptSet, firstNumber }: ConceptSetRow,
  sources: readonly ConceptSource[],
  names: PropertyNames,
  onProgress: (written: number) => void = () => {},
): Promise<void> {
  let batch: Concept[] = [];
  let written = 0;
  const write = async () => {
    await insertConcepts(connection, conceptSet, columnsOf(conceptSet, batch));
    written += batch.length;
    batch = [];
    onProgress(written);
  };
  for (const concept of numberConcepts(sources, names, firstNumber)) {
    batch.push(concept);
    if (batch.length === batchSize) await write();
  }
  if (batch.length > 0) await write();
}

function columnsOf(conceptSet: number, concepts: readonly Concept[]): ConceptColumns {
  const columns: ConceptColumns = [
    new Int4Column(),
    new Int2Column(),
    new TextColumn(),
    new TextColumn(),
    new TextColumn(),
    new TextColumn(),
    new TextColumn(),
    new TextColumn(),
  ];
  const [number, flags, code, display, content, parentNumbers, ancestors, words] = columns;
  for (const concept of concepts) {
    number.push(concept.number);
    // 1 inactive, 2 abstract, 4 with children.
    flags.push((concept.isInactive ? 1 : 0) | (concept.isAbstract ? 2 : 0) | (concept.hasChildren ? 4 : 0));
    code.push(withoutNul(concept.code));
    if (concept.display === undefined) display.pushNull();
    else display.push(withoutNul(concept.display));
    content.push(JSON.stringify(concept.content));
    parentNumbers.push(`{${concept.parents.join(',')}}`);
    ancestors.push(`{${concept.ancestors.join(',')}}`);
    words.push(withoutNul(lexemesOf(conceptSet, concept).join(lexemeSeparator)));
  }
  return columns;
}
