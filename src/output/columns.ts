import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import type { CsvPlan, SourceInfo } from '../core/stages.ts';
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
  /** For each source, for each of these: the index of the field of its CSV records that it holds, or −1. */
  fields: Int32Array[];
  /** For each of these, with --columns: the member names from the top of a JSON record down, or a key; else undefined. */
  paths: string[][] | undefined;
}

/** The name of the column that holds what has no columns. A CSV column of that name is the same column: no record needs both. */
const MESSAGE = 'message';

/** @throws TsalignError 'usage' for a name in --columns that no source can have. */
export function resolveColumns(settings: WriterSettings, sources: readonly SourceInfo[]): Columns {
  const own = ownNames(settings);
  if (settings.columns !== undefined) return chosenColumns(settings.columns, own, sources);
  const names = sources.map((source) => fieldNames(source, own));
  const union = unionOfColumns(settings, sources);
  return layOut(
    own,
    union,
    names.map((ofSource) => (name) => ofSource.indexOf(name)),
  );
}

/**
 * The columns that records of these sources have between them, without --columns: those that are fixed, or all.
 * @throws TsalignError 'state' where a source has one that is not among those that are fixed
 */
export function unionOfColumns(settings: WriterSettings, sources: readonly SourceInfo[]): string[] {
  const own = ownNames(settings);
  if (settings.columns !== undefined) return [...settings.columns];
  const { union } = settings;
  const all = sources.flatMap((source) => fieldNames(source, own).map((name) => ({ name, where: source.label })));
  const other = union && all.find(({ name }) => name !== undefined && !union.includes(name));
  if (other !== undefined)
    throw new TsalignError({
      code: 'state',
      where: other.where,
      what: `has a column "${other.name}" that the output, which earlier runs began, has not`,
      hint: 'leave the source out, or give it a state and an output of its own',
    });
  return union ? [...union] : [...new Set(all.map(({ name }) => name).filter((name) => name !== undefined))];
}

/** With --columns the output has these, and `message`. CSV sources give the column of that name, JSON sources the member, logfmt the key. */
function chosenColumns(chosen: readonly string[], own: readonly string[], sources: readonly SourceInfo[]): Columns {
  const wanted = [...new Set(chosen)];
  checkChosen(wanted, sources);
  const names = freeNames(wanted, own);
  const indexers = sources.map(({ input }) => (name: string) => {
    const column = wanted[names.indexOf(name)] ?? name;
    return isCsv(input) ? input.columns.indexOf(column) : -1;
  });
  const columns = layOut(own, names, indexers);
  const paths = wanted.map((column) => column.split('.'));
  return { ...columns, paths: columns.count === paths.length ? paths : [...paths, [MESSAGE]] };
}

function layOut(
  own: readonly string[],
  names: readonly string[],
  indexers: readonly ((name: string) => number)[],
): Columns {
  const all = names.includes(MESSAGE) ? [...names] : [...names, MESSAGE];
  return {
    header: [...own, ...all],
    count: all.length,
    message: all.indexOf(MESSAGE),
    fields: indexers.map((indexOf) => Int32Array.from(all, indexOf)),
    paths: undefined,
  };
}

/** The output names of a source's columns, by field; undefined for those of its time, which `time` replaces. */
function fieldNames({ input }: SourceInfo, own: readonly string[]): (string | undefined)[] {
  if (!isCsv(input)) return [];
  const isTime = (column: number): boolean => input.timeColumns.includes(column);
  const others = freeNames(
    input.columns.filter((_, column) => !isTime(column)),
    own,
  );
  return input.columns.map((_, column) => (isTime(column) ? undefined : others.shift()));
}

/** A wrong name is told where all names are known: no source of JSON or pairs, whose names nobody knows beforehand. */
function checkChosen(wanted: readonly string[], sources: readonly SourceInfo[]): void {
  if (sources.some(({ input }) => input.format === 'ndjson' || input.format === 'logfmt')) return;
  const known = [...new Set(sources.flatMap(({ input }) => (isCsv(input) ? input.columns : [])))];
  const missing = wanted.find((name) => name !== MESSAGE && !known.includes(name));
  if (missing === undefined) return;
  throw new TsalignError({
    code: 'usage',
    where: '--columns',
    what: `no source has a column "${missing}"`,
    hint: known.length === 0 ? 'only CSV, NDJSON and logfmt sources have columns' : suggestion(missing, known),
  });
}

function isCsv(input: SourceInfo['input']): input is CsvPlan {
  return input.format === 'csv' || input.format === 'tsv';
}
