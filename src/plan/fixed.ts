import { resolve } from 'node:path';
import { TsalignError } from '../core/problem.ts';
import type { MergeRequest } from '../request.ts';
import type { Settings, StateDocument } from '../state/index.ts';
import type { OutputPlan } from './data.ts';

/** Options that decide what the records are and how they are written: a state holds for one choice of each. */
const FIXED = [
  ['--input-format', 'inputFormat'],
  ['--encoding', 'encoding'],
  ['--delimiter', 'delimiter'],
  ['--no-header', 'noHeader'],
  ['--label', 'label'],
  ['--tz', 'tz'],
  ['--tz-abbr', 'tzAbbr'],
  ['--dst', 'dst'],
  ['--time-field', 'timeField'],
  ['--time-format', 'timeFormat'],
  ['--day-order', 'dayOrder'],
  ['--year', 'year'],
  ['--time-anchor', 'timeAnchor'],
  ['--formats-file', 'formatsFile'],
  ['--shift', 'shift'],
  ['--match', 'match'],
  ['--undated', 'undated'],
  ['--stamp', 'stamp'],
  ['--columns', 'columns'],
  ['--no-source', 'noSource'],
  ['--line-number', 'lineNumber'],
  ['--output-tz', 'outputTz'],
  ['--precision', 'precision'],
  ['--split-by', 'splitBy'],
] as const satisfies readonly (readonly [string, keyof MergeRequest])[];

/** What was decided where nothing was asked. */
export const FORMAT = '--output-format';
export const DIGITS = 'digits';

/**
 * The settings of this run, by option.
 * @throws TsalignError 'state' where they differ from those of the state
 */
export function fixedSettings(
  request: MergeRequest,
  output: OutputPlan,
  document: StateDocument,
  cwd: string,
): Settings {
  const settings: Settings = {};
  for (const [option, field] of FIXED) {
    const value = request[field];
    if (value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0))
      settings[option] = value;
  }
  settings['--output'] = output.path ?? 'stdout';
  settings[FORMAT] = output.format;
  if (output.compression !== undefined) settings['--compress'] = output.compression;
  settings[DIGITS] = output.digits;
  if (request.rejects !== undefined) settings['--rejects'] = resolve(cwd, request.rejects);
  if (request.lateOutput !== undefined) settings['--late-output'] = resolve(cwd, request.lateOutput);
  if (document.settings !== undefined) refuseDifference(document.settings, settings, request.state as string);
  return settings;
}

function refuseDifference(before: Settings, now: Settings, state: string): void {
  // What was asked before what followed from it.
  const option = [...FIXED.map(([name]) => name), ...Object.keys(before), ...Object.keys(now)].find(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]),
  );
  if (option === undefined) return;
  throw new TsalignError({
    code: 'state',
    where: option === DIGITS ? '--precision' : option,
    what: `the state was made ${madeWith(before[option])}, this run ${hasNow(now[option])}`,
    hint: `give the same again, or begin anew with another output: tsalign state forget ${state}`,
  });
}

const madeWith = (value: unknown): string => (value === undefined ? 'without it' : `with ${textOf(value)}`);
const hasNow = (value: unknown): string => (value === undefined ? 'lacks it' : `has ${textOf(value)}`);

function textOf(value: unknown): string {
  if (value === true) return 'it';
  return Array.isArray(value) ? value.join(' ') : String(value);
}
