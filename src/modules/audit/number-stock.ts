export const blockLength = 1024;

/** Numbers of events that this process has drawn and not used. */
export interface NumberStock {
  /** So many numbers, or undefined when there are not so many: draw first. */
  take(count: number): number[] | undefined;
  /** Fetches what is needed so that `count` can be taken. */
  draw(count: number): Promise<void>;
}

export function createNumberStock(drawBlocks: (blocks: number) => Promise<number[]>): NumberStock {
  const ranges: { next: number; end: number }[] = [];
  let left = 0;
  let drawing: Promise<void> | undefined;
  const drawOnce = async (count: number) => {
    for (const first of await drawBlocks(Math.ceil((count - left) / blockLength) + 1)) {
      ranges.push({ next: first, end: first + blockLength });
      left += blockLength;
    }
  };
  return {
    take(count) {
      if (left < count) return undefined;
      left -= count;
      const numbers: number[] = [];
      while (numbers.length < count) {
        const range = ranges[0] as { next: number; end: number };
        numbers.push(range.next++);
        if (range.next === range.end) ranges.shift();
      }
      return numbers;
    },
    async draw(count) {
      while (left < count) {
        drawing ??= drawOnce(count).finally(() => {
          drawing = undefined;
        });
        await drawing;
      }
    },
  };
}
