import type { FieldLayout, LayoutsByLine } from '../core/stages.ts';

/** So often the fields of one source may change, and so long may all their names be together, in characters: memory is bounded. */
const MOST_CHANGES = 100_000;
const MOST_NAMES = 1_000_000;

/** A line, and how the fields of those behind it lie. */
interface Change {
  line: number;
  layout: FieldLayout | undefined;
}

/**
 * What the fields of each line of a source are. A pass that begins again, or goes on in a file that has taken the name,
 * tells its lines anew: what was known of those behind them is forgotten.
 */
export class GrowingLayouts implements LayoutsByLine {
  readonly #changes: Change[] = [];
  readonly #known = new Map<string, FieldLayout>();
  /** Characters of the names that are known. */
  #names = 0;

  at(line: number): FieldLayout | undefined {
    const changes = this.#changes;
    let low = 0;
    for (let high = changes.length; low < high; ) {
      const middle = (low + high) >> 1;
      if (changes[middle].line < line) low = middle + 1;
      else high = middle;
    }
    return changes[low - 1]?.layout;
  }

  begin(line: number, layout: FieldLayout): void {
    const changes = this.#changes;
    while (changes.length > 0 && (changes.at(-1) as Change).line >= line) changes.pop();
    const known = changes.length < MOST_CHANGES ? this.#same(layout) : undefined;
    if (changes.length <= MOST_CHANGES && changes.at(-1)?.layout !== known) changes.push({ line, layout: known });
  }

  /** The one object for all layouts that are equal; undefined where too many were different. */
  #same(layout: FieldLayout): FieldLayout | undefined {
    const key = layout.columns.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined || this.#names + key.length > MOST_NAMES) return known;
    this.#names += key.length;
    this.#known.set(key, layout);
    return layout;
  }
}
