import { isTable, knownColumns, namesItsFields } from '../core/input-plan.ts';
import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import type { FieldLayout, SourceInfo } from '../core/stages.ts';
import { freeNames, ownNames } from './names.ts';
import type { WriterSettings } from './settings.ts';

/** The columns of a delimited output, known before the first record: those behind time, source and line. */
export interface Columns {
  /** All names, ours first. */
  header: string[];
  /** How many columns stand behind ours, `message` included. */
  count: number;
  /** Which of these, counted from 0, is `message`. */
  message: number;
  /** For each of these, the index of the field that it holds of a source's records with fields, or −1. */
  fieldsOf(source: number, layout: FieldLayout): Int32Array;
  /** For each of these, with --columns: the member names from the top of a JSON record down, or a key; else undefined. */
  paths: string[][] | undefined;
}

/** The name of the column that holds what has no columns. A CSV column of that name is the same column: no record needs both. */
const MESSAGE = 'message';

/** @throws TsalignError 'usage' for a name in --columns that no source can have. */
export function resolveColumns(settings: WriterSettings, sources: readonly SourceInfo[]): Columns {
  const own = ownNames(settings);
  if (settings.columns !== undefined) return chosenColumns(settings.columns, own, sources);
  const names = sources.map((source) => outputNames(source, own));
  const union = unionOfColumns(settings, sources);
  return layOut(own, union, (source, { columns, timeColumns }) => {
    const held = columns.map((name, i) => (timeColumns.includes(i) ? undefined : names[source]?.get(name)));
    return (name) => held.indexOf(name);
  });
}

/**
 * The columns that records of these sources have between them, without --columns: those that are fixed, or all.
 * @throws TsalignError 'state' where a source has one that is not among those that are fixed
 */
export function unionOfColumns(settings: WriterSettings, sources: readonly SourceInfo[]): string[] {
  const own = ownNames(settings);
  if (settings.columns !== undefined) return [...settings.columns];
  const { union } = settings;
  const all = sources.flatMap((source) =>
    [...outputNames(source, own).values()].map((name) => ({ name, where: source.label })),
  );
  const other = union && all.find(({ name }) => !union.includes(name));
  if (other !== undefined)
    throw new TsalignError({
      code: 'state',
      where: other.where,
      what: `has a column "${other.name}" that the output, which earlier runs began, has not`,
      hint: 'leave the source out, or give it a state and an output of its own',
    });
  return union ? [...union] : [...new Set(all.map(({ name }) => name))];
}

/** With --columns the output has these, and `message`. CSV sources give the column of that name, JSON sources the member, logfmt the key. */
function chosenColumns(chosen: readonly string[], own: readonly string[], sources: readonly SourceInfo[]): Columns {
  const wanted = [...new Set(chosen)];
  checkChosen(wanted, sources);
  const names = freeNames(wanted, own);
  const columns = layOut(
    own,
    names,
    (_, layout) => (name) => layout.columns.indexOf(wanted[names.indexOf(name)] ?? name),
  );
  const paths = wanted.map((column) => column.split('.'));
  return { ...columns, paths: columns.count === paths.length ? paths : [...paths, [MESSAGE]] };
}

function layOut(
  own: readonly string[],
  names: readonly string[],
  indexer: (source: number, layout: FieldLayout) => (name: string) => number,
): Columns {
  const all = names.includes(MESSAGE) ? [...names] : [...names, MESSAGE];
  return {
    header: [...own, ...all],
    count: all.length,
    message: all.indexOf(MESSAGE),
    fieldsOf: (source, layout) => Int32Array.from(all, indexer(source, layout)),
    paths: undefined,
  };
}

/** The names that a source's columns have in the output, by their own; those of its time, which `time` replaces, are left out. */
function outputNames({ input }: SourceInfo, own: readonly string[]): Map<string, string> {
  const names = othersThanTime(input);
  const free = freeNames(names, own);
  return new Map(names.map((name, i) => [name, free[i]]));
}

function othersThanTime(input: SourceInfo['input']): string[] {
  if (input.format === 'w3c') return input.columns;
  return isTable(input) ? input.columns.filter((_, column) => !input.timeColumns.includes(column)) : [];
}

/** A wrong name is told where all names are known: no source of JSON or pairs, whose names nobody knows beforehand. */
function checkChosen(wanted: readonly string[], sources: readonly SourceInfo[]): void {
  if (sources.some(({ input }) => namesItsFields(input))) return;
  const known = [...new Set(sources.flatMap(({ input }) => knownColumns(input)))];
  const missing = wanted.find((name) => name !== MESSAGE && !known.includes(name));
  if (missing === undefined) return;
  throw new TsalignError({
    code: 'usage',
    where: '--columns',
    what: `no source has a column "${missing}"`,
    hint: known.length === 0 ? 'only CSV, W3C, NDJSON and logfmt sources have columns' : suggestion(missing, known),
  });
}
