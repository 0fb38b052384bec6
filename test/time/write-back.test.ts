import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { formatInstant, instantOf } from '../../src/core/instant.ts';
import { detectStamp } from '../../src/time/detect.ts';
import { TIME_FORMATS } from '../../src/time/formats.ts';
import { createStamper } from '../../src/time/stamper.ts';
import type { TimeFormat } from '../../src/time/time-format.ts';
import { parseZone } from '../../src/time/zone.ts';
import { whereOf, writeStamp } from './write-stamp.ts';

const SECOND = 1_000_000_000n;
const seconds = (text: string): bigint => BigInt(Temporal.Instant.from(text).epochMilliseconds) / 1000n;
const within = (from: string, to: string) => fc.bigInt({ min: seconds(from) * SECOND, max: seconds(to) * SECOND });

/** One memory with a line for each text, and how to read them. */
function open(texts: readonly string[], row: TimeFormat, settings: Parameters<typeof detectStamp>[2]) {
  const lines = texts.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 64));
  const spans: [number, number][] = [];
  let at = 0;
  for (const line of lines) {
    bytes.set(line, at);
    spans.push([at, at + line.length]);
    at += line.length + 1;
    bytes[at - 1] = 10;
  }
  const where = whereOf(row);
  const plan = detectStamp(lines.slice(0, 1), where, { ...settings, timeFormat: row.name, dayOrder: row.order });
  return { plan: plan!, bytes, spans };
}

/** What cannot be written for other instants, and why. */
const outside = new Set<string>();

for (const row of TIME_FORMATS) {
  const yearless = row.samples.some(
    ([line]) => detectStamp([Buffer.from(line)], 'line', { timeFormat: row.name })?.lacksYear,
  );
  const range = yearless
    ? within('2023-01-02T00:00:00Z', '2023-06-30T00:00:00Z')
    : within(`${row.years?.[0] ?? 1990}-01-02T00:00:00Z`, `${Math.min(row.years?.[1] ?? 2068, 2068)}-12-30T00:00:00Z`);
  row.samples.forEach(([line], index) => {
    const { write, unit, outside: why } = writeStamp(row, line);
    if (why !== undefined) {
      outside.add(`${row.name}: ${why}`);
      return;
    }
    test(`${row.name} sample ${index + 1}: instants written in its shape are read back, in any order`, () => {
      fc.assert(
        fc.property(fc.array(range, { minLength: 1, maxLength: 12 }), fc.boolean(), (instants, oneDay) => {
          // Half of the runs stay within a day, where the template's quick check reads them.
          const day = (instants[0]! / (86400n * SECOND)) * 86400n * SECOND;
          const near = oneDay ? instants.map((instant) => day + (instant % (86400n * SECOND))) : instants;
          const { plan, bytes, spans } = open(near.map(write), row, { year: 2023 });
          const stamper = createStamper(plan, { bytes });
          near.forEach((instant, i) => {
            const expected = formatInstant(instant - (((instant % unit) + unit) % unit));
            assert.equal(stamper.read(...spans[i]!), true, write(instant));
            assert.equal(formatInstant(instantOf(stamper.high, stamper.low)), expected, write(instant));
          });
        }),
        { numRuns: 60 },
      );
    });
  });
}

test('what is not written and read back is little', () => {
  assert.deepEqual(
    [...outside],
    [
      // Which of two instants an hour that was repeated is, the zones' own test below tells.
      'iso: a zone with two offsets',
      'iso-fields: a zone in another field',
      'day-month-year: names of another language',
      'syslog: names of another language',
      // The day of these comes from the file: test/time/lacking.test.ts.
      'time: no date',
      'time-minutes: no date',
      // Fractions of a day that no decimal writes; an exponent that changes in 2001.
      'mjd: no digits of a day',
      'julian-date: no digits of a day',
      'epoch-exponent: no digits of a day',
      'epoch-fraction: no digits of a day',
      'ntp: no digits of a day',
      'time-process: no date',
      'time-dots: no date',
      'time-digits: no date',
      // A month alone.
      'date: no digits of a day',
    ],
  );
});

for (const name of ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Sao_Paulo']) {
  test(`naive stamps around the changes of ${name} are read as Temporal reads them`, () => {
    const row = TIME_FORMATS[0]!;
    const { write } = writeStamp(row, '2024-03-10 06:59:58,120 INFO start');
    const zone = parseZone(name);
    const changes = changesOf(name);
    const near = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -10_000, max: 10_000 }));
    fc.assert(
      fc.property(near, fc.constantFrom('earlier', 'later'), ([change, delta], dst) => {
        const local = Temporal.Instant.fromEpochMilliseconds((change + delta) * 1000).toZonedDateTimeISO('UTC');
        const { plan, bytes, spans } = open([write(BigInt(change + delta) * SECOND)], row, {
          zone,
          dst: dst as 'earlier',
        });
        const stamper = createStamper(plan, { bytes });
        assert.equal(stamper.read(...spans[0]!), true);
        const disambiguation = stamper.counters.gaps > 0 ? 'compatible' : (dst as 'earlier');
        const expected = local.toPlainDateTime().toZonedDateTime(name, { disambiguation }).epochMilliseconds;
        assert.equal(instantOf(stamper.high, stamper.low), BigInt(expected) * 1_000_000n);
      }),
    );
  });
}

/** Seconds, in UTC, of some changes of a zone's offset, and one instant far from any. */
function changesOf(name: string): number[] {
  const found = [Date.UTC(2016, 6, 1) / 1000];
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.from('2005-01-01T00:00:00Z').toZonedDateTimeISO(name);
  for (let i = 0; i < 20 && at !== null; i++) {
    at = at.getTimeZoneTransition('next');
    if (at !== null) found.push(at.epochMilliseconds / 1000 + at.offsetNanoseconds / 1e9);
  }
  return found;
}
