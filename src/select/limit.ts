/** Counts down from `limit` records. */
export class Limit {
  #left: number;

  constructor(limit: number | undefined) {
    this.#left = limit ?? Number.POSITIVE_INFINITY;
  }

  /** How many of `count` records may still be written. */
  admit(count: number): number {
    const admitted = Math.min(count, this.#left);
    this.#left -= admitted;
    return admitted;
  }

  get reached(): boolean {
    return this.#left === 0;
  }
}
