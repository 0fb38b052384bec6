import { type Digits, NANOS_PER_SECOND } from '../core/instant.ts';
import { LACKS_DATE, LACKS_START, LACKS_YEAR } from '../kernel/stamp-layout.ts';
import { together } from './beside.ts';
import { dayInName } from './days.ts';
import type { Evidence } from './evidence.ts';
import type { Candidate, Hit, NoZone } from './hit.ts';
import { formatsWithCells } from './hits.ts';
import { openQuestions } from './open-questions.ts';
import { describePlace } from './place.ts';
import type { PlannedFormat, ReadyFormat, StampPlan, StampSettings } from './plan.ts';
import { abbreviationsOf } from './sample-hits.ts';
import { offsetName, yearOf } from './zone.ts';

/** What a candidate becomes. */
export interface Choice {
  best: Candidate;
  /** Those that date other texts than the best. */
  beside: readonly Candidate[];
  rivals: readonly Candidate[];
  total: number;
  settings: StampSettings;
  localNames: boolean;
  /** What other stamps in its lines tell of its own. */
  evidence: Evidence | undefined;
}

export function planOf(choice: Choice): StampPlan {
  const { best, beside, rivals, total, settings, localNames } = choice;
  const { hits, formats, zoneless } = together([best, ...beside]);
  const evidence = heeded(choice);
  const cells = formatsWithCells(hits);
  return {
    formats: formats.map((each) => ({
      ...plannedFormat(each, hits, total, cells),
      ...apartOf(zoneless.get(each)),
    })),
    place: beside.length === 0 ? best.place : { kind: 'several', places: [best, ...beside].map(({ place }) => place) },
    ...zoneOf(settings, evidence),
    naive: hits.some((hit) => hit.naive),
    ...(settings.abbreviations === undefined ? {} : { abbreviations: abbreviationsOf(settings) }),
    localNames,
    dst: settings.dst ?? 'order',
    ...missingParts(hits, settings, evidence),
    shift: settings.shift ?? 0n,
    dated: hits.length / total,
    digits: printable(Math.max(0, ...hits.map((hit) => (cells.has(hit.format) ? 0 : hit.digits)))),
    ...openQuestions({ hits, formats, zoneless, evidence }, settings),
    rivals: rivals.slice(0, 3).map((rival) => ({
      where: describePlace(rival.place),
      formats: rival.formats.map((each) => each.format.name),
      dated: rival.hits.length / total,
    })),
  };
}

const apartOf = (none: NoZone | undefined): Pick<PlannedFormat, 'zonesApart' | 'zonesUnseen'> =>
  none === undefined ? {} : { zonesApart: false, ...(none.isUnseen ? { zonesUnseen: true } : {}) };

/** What the lines tell beside their stamps, and the user did not say. */
function heeded({ evidence, settings }: Choice): Evidence {
  const { offset, year } = evidence ?? {};
  return {
    ...(offset === undefined || settings.zone !== undefined ? {} : { offset }),
    ...(year === undefined || settings.year !== undefined ? {} : { year }),
    isDoubtful: evidence?.isDoubtful === true,
  };
}

function zoneOf({ zone }: StampSettings, { offset }: Evidence): Pick<StampPlan, 'zone' | 'zoneFrom'> {
  if (zone !== undefined) return { zone: zone.name, zoneFrom: 'given' };
  if (offset === undefined) return { zone: 'UTC', zoneFrom: 'default' };
  return { zone: offset === 0 ? 'UTC' : offsetName(offset / 60), zoneFrom: 'lines' };
}

function plannedFormat(each: ReadyFormat, hits: readonly Hit[], total: number, cells: Set<ReadyFormat>): PlannedFormat {
  const { name, pattern, years, zoneAfter } = each.format;
  const own = hits.filter((hit) => hit.format === each);
  return {
    name,
    pattern,
    ...(years === undefined ? {} : { years }),
    ...(zoneAfter === undefined ? {} : { zoneAfter }),
    ...(own.some(({ isHalfWord }) => isHalfWord) ? { halvesApart: false } : {}),
    unpadded: own.some((hit) => hit.loose),
    ...(cells.has(each) ? { commas: false } : {}),
    share: own.length / total,
  };
}

/** What stamps do not say, and what was said of it. */
function missingParts(hits: readonly Hit[], settings: StampSettings, evidence: Evidence) {
  const lacks = (what: number) => hits.some((hit) => hit.lacks === what);
  const year = lacks(LACKS_YEAR) ? (settings.year ?? evidence.year) : undefined;
  const yearFrom = settings.year === undefined ? ('lines' as const) : ('given' as const);
  const given = settings.anchor === undefined ? undefined : settings.anchor / NANOS_PER_SECOND;
  const start = lacks(LACKS_START) ? Number(given ?? 0n) : 0;
  const parts = { lacksYear: lacks(LACKS_YEAR) || lacks(LACKS_DATE), lacksDate: lacks(LACKS_DATE) };
  const dated = { ...parts, lacksStart: lacks(LACKS_START), start };
  if (!parts.lacksDate) return year === undefined ? dated : { ...dated, year, yearFrom };
  // The day as it was typed, `2024-03-10`: what is typed without a zone is read in UTC.
  const day = given === undefined ? dayInName(settings.name ?? '') : Math.floor(Number(given) / 86_400);
  if (day === undefined) return dated;
  const known = { ...dated, day, dayFrom: given === undefined ? ('name' as const) : ('given' as const) };
  // Without any stamp that lacks only its year, the date tells it.
  return lacks(LACKS_YEAR) && year === undefined ? known : { ...known, year: year ?? yearOf(day * 86_400) };
}

const printable = (digits: number): Digits => (digits === 0 ? 0 : digits <= 3 ? 3 : digits <= 6 ? 6 : 9);
