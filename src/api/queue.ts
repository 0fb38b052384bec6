/** Batches on their way from a run, which makes them, to a reader, who may be slower. */
export class BatchQueue<T> {
  readonly #limit: number;
  #batches: T[] = [];
  #ended = false;
  #error: unknown;
  #changed: () => void = () => {};
  #taken: () => void = () => {};

  /** @param limit batches that lie here before the run has to wait */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(batch: T): void {
    this.#batches.push(batch);
    this.#changed();
  }

  /** No more batches come; `error` is what ended the run, if anything did. */
  end(error?: unknown): void {
    this.#ended = true;
    this.#error = error;
    this.#changed();
  }

  /** Wakes a run that waits for room, because it is to end. */
  release(): void {
    this.#taken();
  }

  /** What a run waits for; undefined while there is room. */
  full(): Promise<void> | undefined {
    if (this.#batches.length < this.#limit) return undefined;
    return new Promise((resolve) => {
      this.#taken = resolve;
    });
  }

  /** The next batch, undefined at the end. @throws what ended the run */
  async next(): Promise<T | undefined> {
    while (this.#batches.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
    const batch = this.#batches.shift();
    this.#taken();
    if (batch === undefined && this.#error !== undefined) throw this.#error;
    return batch;
  }
}
