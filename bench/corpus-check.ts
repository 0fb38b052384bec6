import type { SourceTruth, TruthRow } from './truth.ts';

/** What the run report says of a source: lines that belong to no record, e.g. a CSV header. */
export type FramingLines = readonly number[];

/** How many differences of one kind are shown. */
const SHOWN = 3;

/**
 * Compares merged raw output with the truth.
 * @param output its lines, one character a byte
 * @returns sentences on what differs; none where all is right
 */
export function differences(
  sources: readonly SourceTruth[],
  framing: FramingLines,
  output: readonly string[],
): string[] {
  const lost = lineDifferences(sources, framing, output);
  // Where lines are lost, the order differs behind them all.
  return lost.length > 0
    ? lost
    : [...orderDifferences(sources, output), ...neighbourDifferences(sources, framing, output)];
}

/** Lines that no truth row speaks of: headers, continuations, and records whose truth is not known. */
export function linesWithoutTruth({ lines, rows }: SourceTruth): { text: string; index: number }[] {
  const known = new Set(rows.flatMap(lineIndexes));
  return lines.flatMap((text, index) => (known.has(index) ? [] : [{ text, index }]));
}

const lineIndexes = ({ line, lines }: TruthRow): number[] => Array.from({ length: lines }, (_, i) => line - 1 + i);

/** Index of the first line that a truth row speaks of. */
const firstKnown = ({ lines, rows }: SourceTruth): number =>
  Math.min(lines.length, ...rows.map(({ line }) => line - 1));

/** Every line of the sources must be there as often as in them; only framing lines (a header, comments) may be left out. */
function lineDifferences(sources: readonly SourceTruth[], framing: FramingLines, output: readonly string[]): string[] {
  const missing = tally(sources.flatMap(({ lines }) => lines));
  const unexpected = output.filter((line) => !take(missing, line));
  sources.forEach((source, i) => {
    const mayGo = linesWithoutTruth(source).filter(
      ({ text, index }) => text.trim() === '' || text.startsWith('#') || index < firstKnown(source),
    );
    for (const { text } of mayGo.slice(0, framing[i])) take(missing, text);
  });
  const lost = [...missing].flatMap(([line, count]) => Array.from({ length: count }, () => line));
  return [...shown('missing', lost), ...shown('not in any source', unexpected)];
}

function shown(what: string, lines: readonly string[]): string[] {
  const said = lines.slice(0, SHOWN).map((line) => `${what}: ${quoted(line)}`);
  return lines.length > SHOWN ? [...said, `${what}: ${lines.length} lines in all`] : said;
}

/** Truth rows must come by instant, source, line, each with its lines one behind the other. */
function orderDifferences(sources: readonly SourceTruth[], output: readonly string[]): string[] {
  const expected = sources
    .flatMap((source, position) => source.rows.map((row) => ({ source, position, row })))
    .sort((a, b) => compareText(a.row.instant, b.row.instant) || a.position - b.position || a.row.line - b.row.line)
    .flatMap(({ source, row }) => lineIndexes(row).map((index) => ({ source, index, instant: row.instant })));
  const others = tally(sources.flatMap((source) => linesWithoutTruth(source).map(({ text }) => text)));
  let next = 0;
  for (const [at, line] of output.entries()) {
    const wanted = expected[next];
    if (wanted !== undefined && line === wanted.source.lines[wanted.index]) next++;
    else if (!take(others, line)) return [misplaced(at, line, wanted)];
  }
  return [];
}

function misplaced(at: number, line: string, wanted?: { source: SourceTruth; index: number; instant: string }): string {
  if (wanted === undefined) return `output line ${at + 1}: ${quoted(line)} comes once too often`;
  const { source, index, instant } = wanted;
  const text = quoted(source.lines[index] ?? '');
  return `output line ${at + 1}: ${quoted(line)}, where ${source.path}:${index + 1} (${instant}) ${text} should be`;
}

/**
 * Lines that belong to a record must stand beside the line that they stand beside in their source: continuations behind
 * it, lines before the first record before it. A line without truth that has a stamp like those of its source may be a
 * record of its own, and so may every line of a source without truth.
 */
function neighbourDifferences(
  sources: readonly SourceTruth[],
  framing: FramingLines,
  output: readonly string[],
): string[] {
  const pairs = tally(output.slice(1).map((line, i) => pair(output[i] ?? '', line)));
  const written = new Set(output);
  const torn = sources.flatMap((source, i) =>
    boundLines(source, framing[i] ?? 0).filter(({ first }) => {
      const { lines } = source;
      if (isLeftOut(lines[first + 1] ?? '', framing[i] ?? 0, written)) return false;
      return !take(pairs, pair(lines[first] ?? '', lines[first + 1] ?? ''));
    }),
  );
  return torn
    .slice(0, SHOWN)
    .map(({ path, first }) => `${path}: line ${first + 2} does not stand behind line ${first + 1} any more`);
}

/** A comment that frames a table, such as Zeek's `#close`; that there are not too many of them was seen before. */
const isLeftOut = (line: string, framing: number, written: ReadonlySet<string>): boolean =>
  framing > 0 && line.startsWith('#') && !written.has(line);

const pair = (line: string, next: string): string => `${line}\n${next}`;

/** Pairs of neighbouring lines that must stay neighbours, by the index of the first of them. */
function boundLines(source: SourceTruth, framing: number): { path: string; first: number }[] {
  if (source.rows.length === 0) return [];
  const shapes = [...new Set(source.rows.map(({ stamp }) => shapeOf(stamp)))].map((shape) => new RegExp(shape));
  const start = firstKnown(source);
  return linesWithoutTruth(source)
    .filter(({ text }) => !shapes.some((shape) => shape.test(text)))
    .filter(({ index }) => index > start || framing === 0)
    .map(({ index }) => ({ path: source.path, first: index < start ? index : index - 1 }));
}

/** A pattern for stamps that are written like this one: numbers and words of any length. */
const shapeOf = (stamp: string): string =>
  stamp
    .replace(/[^\w\s]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(/(?<!\\)[A-Za-z]+/g, '[A-Za-z]+')
    .replace(/\d+/g, '\\d+');

function tally(lines: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** Takes one of these away; false where none is left. */
function take(counts: Map<string, number>, line: string): boolean {
  const count = counts.get(line) ?? 0;
  if (count === 0) return false;
  if (count === 1) counts.delete(line);
  else counts.set(line, count - 1);
  return true;
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const quoted = (line: string): string => JSON.stringify(line.length > 100 ? `${line.slice(0, 100)}…` : line);
