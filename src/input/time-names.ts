import { TsalignError } from '../core/problem.ts';
import { didYouMean } from '../core/registry.ts';

/** What programs call the time of a record, the most telling name first. Case, `_`, `-`, `.`, `$` and blanks do not count. */
const TIME_NAMES = [
  '@timestamp', // Elastic
  'timestamp',
  'time',
  'ts', // zap, Zeek
  'datetime',
  'date time',
  'date',
  '@t', // Serilog
  'event time', // AWS CloudTrail
  'event datetime',
  'event timestamp',
  'event ts', // Slack, Zoom
  'event created', // ECS
  'event date',
  'realtime timestamp', // journald: __REALTIME_TIMESTAMP
  'log timestamp',
  'log time',
  'log date',
  'asctime', // Python
  'time millis', // Log4j 2
  'time generated', // Azure
  'time stamp',
  'time local', // nginx
  'time iso8601',
  'time utc',
  'time created', // Windows events
  'system time',
  'utc time', // Sysmon
  'calendar time', // osquery
  'message time',
  'occurred at',
  'occurred on',
  'occurred',
  'logged at',
  'recorded at',
  'when', // Cloudflare
  'emitted at',
  'last timestamp', // Kubernetes events
  'created at', // behind the names of events: it may be when the record was stored
  'created datetime', // Microsoft Graph
  'activity datetime',
  'create time', // Google APIs
  'created time',
  'creation time', // Office 365
  'creation date',
  'published', // Okta
  'created',
  'created utc', // Reddit
  'receive timestamp', // Google Cloud, beside `timestamp`
  'start time',
  'start',
  't',
  'epoch',
  'epoch time',
  'unix time',
  'iso date', // syslog-ng: ISODATE
  'iso time',
].map(plainName);

export function plainName(name: string): string {
  return name.toLowerCase().replace(/[_\-.$\s]/g, '');
}

/** How telling a name is, 0 the most; Infinity for names that nobody gives to the time of a record alone. */
export function timeNameRank(name: string): number {
  const index = TIME_NAMES.indexOf(plainName(name));
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

/** Whether a name speaks of some time at least: `lastUpdateTime`, `seen_at`, but not `latitude`. */
export function speaksOfTime(name: string): boolean {
  return /time|date|stamp|_(at|on|ts)$|At$/i.test(name) && !/time_?out|time_?zone|up_?time/i.test(name);
}

/** Whether a name is that of a change and says `update` alone: of several times the one that is least likely the record's. */
export const isUpdate = (name: string): boolean => /update$/i.test(name);

/** Of what happens long before the record's event, or after it. */
const OTHER_TIMES = [
  ...['birth', 'publication', 'first[ _]?(seen|found|observed|detected)', 'build', 'boot'],
  ...['_write_', 'written', 'modif', 'expir', 'until', 'valid', '(^|_|\\b)due', 'deadline', 'schedul', 'next'],
  ...['(?<!s)end(ed)?[_ ]?(time|date|at$)', '_end', 'finish', 'stop'],
];

const OTHER = new RegExp(OTHER_TIMES.join('|'), 'i');

/** Whether a name speaks of when a record was received or stored, shortly after its event. */
export const speaksOfArrival = (name: string): boolean => /recei(v|pt)|retriev|ingest|index|insert|collect/i.test(name);

/** Whether a name speaks of a time before or after that of the record: `_write_ts`, `birthday`, `expires_at`, `received_at`. */
export const speaksOfOther = (name: string): boolean => OTHER.test(name) || speaksOfArrival(name);

/** Whether a name speaks of when something began or was made that lives longer than a record. */
export const speaksOfBeginning = (name: string): boolean => /start|begin|creat|open|login|publish/i.test(name);

const CHANGE = /^(last|date|time)?(updated?|modified|modification|changed?)(at|on|ts|time|date|stamp|utc)*$/;

/** Whether a name is that of the last change of a thing as a whole, which is also when its record was written: no `password_changed`. */
export const speaksOfChange = (name: string): boolean => CHANGE.test(plainName(name));

/** Whether a name is that of the moment of a record and nothing else, so that many may have the same. */
export const isMoment = (name: string): boolean => timeNameRank(name) < timeNameRank('date');

/** Shares of stamps that tell a time: of full instants, and of dates alone, which count less than half (time/detect.ts). */
export const WORTHS = [1, 0.45] as const;

/** The names that --time-field gives, the last one that of the zone. */
export interface NamedTime {
  fields: string[];
  zone: string | undefined;
}

/** What a time stands in at most: a date, a time and a zone. */
const MOST_NAMED = 3;

/**
 * What the user calls the time: one name, also one with commas where the source has it, or `date,time,zone`. Of two
 * names the second is that of a zone if it is one that zones have.
 * @throws TsalignError 'usage' for more names than a time has parts
 */
export function namedTime(timeField: string, isKnown: (name: string) => boolean): NamedTime {
  const names = isKnown(timeField) ? [timeField] : timeField.split(',').map((name) => name.trim());
  if (names.length > MOST_NAMED) {
    const what = `--time-field names ${names.length} parts of a time ("${timeField}")`;
    const hint = 'a time stands in three at most: date,time,zone';
    throw new TsalignError({ code: 'usage', what, hint });
  }
  const last = names.at(-1) as string;
  const hasZone = names.length === MOST_NAMED || (names.length > 1 && isZoneName(last));
  return hasZone ? { fields: names.slice(0, -1), zone: last } : { fields: names, zone: undefined };
}

const ZONE_NAMES = [
  ...['tz', 'timezone', 'zone', 'utcoffset', 'gmtoffset', 'tzoffset', 'timezoneoffset'],
  ...['zeitzone', 'tijdzone', 'zonahoraria', 'fusohorario', 'fusoorario', 'fuseauhoraire'],
];

/** Whether fields of this name hold the zone of a time beside them. */
export const isZoneName = (name: string): boolean => ZONE_NAMES.includes(plainName(name));

/** Says that the user's time field does not exist. `kind` is what a field is called there. */
export function unknownTimeField(where: string, kind: string, wanted: string, names: readonly string[]): TsalignError {
  const near = didYouMean(wanted, names);
  const hint = near === undefined ? `it has ${someOf(names)}` : `did you mean "${near}"?`;
  return new TsalignError({ code: 'usage', where, what: `no ${kind} "${wanted}" for --time-field`, hint });
}

/** Says that no field holds a time. */
export function noTimeField(where: string, kind: string, names: readonly string[]): TsalignError {
  return new TsalignError({
    code: 'no-timestamp',
    where,
    what: `no ${kind} holds a time that tsalign reads`,
    hint: `name it with --time-field${names.length === 0 ? '' : ` (it has ${someOf(names)})`} and describe it with --time-format, or give --input-format text`,
  });
}

const SHOWN = 8;

function someOf(names: readonly string[]): string {
  if (names.length === 0) return 'none';
  return names.slice(0, SHOWN).join(', ') + (names.length > SHOWN ? ', …' : '');
}
