/**
 * The name in `names` that a mistyped `word` most likely meant: the smallest edit distance, at most a third of its
 * length (at least 1, but nothing is near a single letter), first in order on ties, or else the first that ends so; undefined where nothing is near.
 */
export function didYouMean(word: string, names: Iterable<string>): string | undefined {
  const wanted = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = word.length < 2 ? 1 : Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(wanted, name.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best ?? [...names].find((name) => wanted.length > 2 && name.toLowerCase().endsWith(wanted));
}

/** The hint `did you mean "x"?`, or else the choices, for an unknown word. */
export function suggestion(word: string, names: readonly string[]): string {
  const near = didYouMean(word, names);
  if (near !== undefined) return `did you mean "${near}"?`;
  return `choose one of ${names.join(', ')}`;
}

/** Optimal string alignment distance (a swap of neighbours costs 1), given up above `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, before[j - 2] + 1);
      }
      row.push(cost);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length];
}
