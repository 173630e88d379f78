/** Runs functions of the same key one after the other, in the order in which they came. */
export function createTurns(): <Result>(key: string, run: () => Promise<Result>) => Promise<Result> {
  const last = new Map<string, Promise<unknown>>();
  return (key, run) => {
    const before = last.get(key);
    const turn = before ? before.then(run, run) : run();
    const end = turn.then(
      () => {},
      () => {},
    );
    last.set(key, end);
    void end.then(() => {
      if (last.get(key) === end) last.delete(key);
    });
    return turn;
  };
}
