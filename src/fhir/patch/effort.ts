import { Failure } from '#lib/failure.ts';
import { isRawNumber, type JsonValue } from '#lib/json/index.ts';
import { setMember } from './member.ts';

/** As deep as what the parser accepts: what is stored can be parsed again. */
const greatestDepth = 100;
const greatestOperations = 10_000;
const greatestSteps = 1_000_000;

/** What a patch may cost: a short one can copy its own copies, and so double a document again and again. */
export class Effort {
  #steps = 0;

  begin(operations: number): void {
    if (operations <= greatestOperations) return;
    throw new Failure(
      'too-costly',
      `A patch may have ${greatestOperations} operations. Send the whole resource by PUT.`,
    );
  }

  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps <= greatestSteps) return;
    throw new Failure('too-costly', 'The patch copies or compares too much. Send the whole resource by PUT.');
  }

  /** A list of so many entries moves when one comes or goes. */
  spendOnList(length: number): void {
    this.spend(1 + length / 16);
  }

  /** A copy that shares nothing with the value, and that may stand so many levels deep. */
  copy(value: JsonValue, depth: number): JsonValue {
    this.spend(1);
    if (depth > greatestDepth) {
      throw new Failure('too-costly', `The patch nests deeper than ${greatestDepth} levels.`);
    }
    if (typeof value !== 'object' || value === null || isRawNumber(value)) return value;
    if (Array.isArray(value)) return value.map((entry) => this.copy(entry, depth + 1));
    const copied = {};
    for (const [name, member] of Object.entries(value)) setMember(copied, name, this.copy(member, depth + 1));
    return copied;
  }
}
