import { type Connection, drawNumberBlocks } from './queries.ts';

const blockLength = 512;

/** Hands out resource numbers from blocks drawn ahead, so that most writes need no round trip for them. */
export class ResourceNumbers {
  #next = 0;
  #end = 0;

  /** Draws so many numbers; ascending within a block. */
  async draw(connection: Connection, count: number): Promise<number[]> {
    const numbers: number[] = [];
    this.#takeFromBlock(numbers, count);
    if (numbers.length === count) return numbers;
    const blocks = await drawNumberBlocks(connection, Math.ceil((count - numbers.length) / blockLength));
    for (const first of blocks) {
      this.#next = first;
      this.#end = first + blockLength;
      this.#takeFromBlock(numbers, count);
    }
    return numbers;
  }

  #takeFromBlock(numbers: number[], count: number): void {
    while (numbers.length < count && this.#next < this.#end) numbers.push(this.#next++);
  }
}
