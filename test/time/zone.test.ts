import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { windowsNames } from '../../src/time/windows-zones.ts';
import { NEVER, ONCE, parseZone, TWICE, type Zone } from '../../src/time/zone.ts';

// Half an hour (Lord Howe), a day left out (Apia), negative summer time (Dublin), Ramadan (Casablanca), two hours (Troll).
const NAMES = [
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Antarctica/Troll',
  'America/Sao_Paulo',
  'Asia/Kolkata',
  'Asia/Tehran',
];

function temporal(name: string, local: number, disambiguation: 'compatible' | 'earlier' | 'later'): number {
  const plain = Temporal.Instant.fromEpochMilliseconds(local * 1000)
    .toZonedDateTimeISO('UTC')
    .toPlainDateTime();
  return plain.toZonedDateTime(name, { disambiguation }).epochMilliseconds / 1000;
}

/** What the zone says of a local time, as Temporal would: its kind, and the instants. */
function check(zone: Zone, local: number): void {
  assert.equal(zone.toUtc(local), temporal(zone.name, local, 'compatible'), `${zone.name} ${local}`);
  const [earlier, later] = [temporal(zone.name, local, 'earlier'), temporal(zone.name, local, 'later')];
  if (zone.kind === ONCE) assert.equal(earlier, later, `${zone.name} ${local} is once`);
  if (zone.kind === TWICE) assert.deepEqual([local - zone.offset, local - zone.later], [earlier, later]);
  // Of a time that was skipped, Temporal's "earlier" uses the offset after the gap.
  if (zone.kind === NEVER) assert.deepEqual([local - zone.later, local - zone.offset], [earlier, later]);
  assert.ok(local >= zone.low && local < zone.high);
}

for (const name of NAMES) {
  test(`${name}: local times, and those at the edges of what holds for them, are read as Temporal reads them`, () => {
    const zone = parseZone(name);
    const year = 31_556_952;
    fc.assert(
      fc.property(fc.integer({ min: -25 * year, max: 60 * year }), (local) => {
        check(zone, local);
        const { low, high } = zone;
        for (const edge of [low - 1, low, low + 60, high - 1, high, high + 1800]) check(zone, edge);
        assert.equal(zone.toLocal(local), local + Math.round(offsetOf(name, local)));
      }),
      { numRuns: 60 },
    );
  });
}

test('names of Windows are those of the tz database, each of which the platform knows', () => {
  const names = windowsNames();
  assert.ok(names.length > 130);
  for (const name of names) assert.ok(Number.isInteger(parseZone(name).toLocal(1_710_054_000)), name);
  assert.equal(parseZone('W. Europe Standard Time').name, 'Europe/Berlin');
  assert.equal(parseZone('eastern standard time').name, 'America/New_York');
  assert.equal(parseZone('India Standard Time').toUtc(0), parseZone('Asia/Kolkata').toUtc(0));
  assert.equal(parseZone('Eastern Standard Time').toUtc(1_720_000_000), 1_720_000_000 + 4 * 3600);
  assert.throws(() => parseZone('Eastren Standard Time'), { message: /did you mean "Eastern Standard Time"\?$/ });
});

const offsetOf = (name: string, seconds: number): number =>
  Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(name).offsetNanoseconds / 1e9;
