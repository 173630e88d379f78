/** Does the same thing again and again: when it is asked to look, and after a while in any case; never twice at a time. */
export class Loop {
  readonly #turn: () => Promise<number>;
  readonly #pollMs: number;
  readonly #onError: (error: Error) => void;
  #running: Promise<void> | undefined;
  #mustLookAgain = false;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;

  /** A turn says after how many milliseconds the next one must come at the latest; 0 for at once. */
  constructor(turn: () => Promise<number>, pollMs: number, onError: (error: Error) => void) {
    this.#turn = turn;
    this.#pollMs = pollMs;
    this.#onError = onError;
  }

  look(): void {
    if (this.#isStopped) return;
    this.#mustLookAgain = true;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    let waitMs = this.#pollMs;
    while (this.#mustLookAgain && !this.#isStopped) {
      this.#mustLookAgain = false;
      try {
        waitMs = Math.min(this.#pollMs, await this.#turn());
        if (waitMs === 0) this.#mustLookAgain = true;
      } catch (error) {
        waitMs = this.#pollMs;
        this.#onError(error as Error);
      }
    }
    clearTimeout(this.#timer);
    if (!this.#isStopped) this.#timer = setTimeout(() => this.look(), waitMs);
  }
}
