import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TsalignError } from '../../src/core/problem.ts';
import { slotLength, slotMatcher } from '../../src/output/index.ts';
import { SlotClock } from '../../src/run/slot-clock.ts';
import { parseZone, UTC } from '../../src/time/index.ts';

const seconds = (text: string) => Date.parse(text) / 1000;
const clockOf = (pattern: string, by: string, zone: string) =>
  new SlotClock(pattern, slotLength(by), zone === 'UTC' ? UTC : parseZone(zone));
const slotOf = (clock: SlotClock, text: string) => clock.at(seconds(text)).path;

test('a slot is named by its beginning, in the zone of the output', () => {
  const at = '2024-03-10T23:59:59Z';
  assert.equal(slotOf(clockOf('/o/%Y-%m-%d/%H', 'hour', 'UTC'), at), '/o/2024-03-10/23');
  assert.equal(slotOf(clockOf('/o/%F %H%M%S.log', '15m', 'UTC'), at), '/o/2024-03-10 234500.log');
  assert.equal(slotOf(clockOf('/o/%Y-%j%%', 'day', 'Asia/Kolkata'), at), '/o/2024-071%');
  assert.equal(slotOf(clockOf('/o/%F%z', 'day', '-09:30'), at), '/o/2024-03-10-0930');
  assert.equal(slotOf(clockOf('/o/%F', 'day', 'UTC'), '1969-12-31T23:59:59Z'), '/o/1969-12-31');
});

test('the hour that comes twice is one slot, unless names tell the offset', () => {
  const hours = clockOf('/%F/%H', 'hour', 'America/New_York');
  assert.deepEqual(hours.at(seconds('2024-11-03T05:10:00Z')), {
    path: '/2024-11-03/01',
    end: seconds('2024-11-03T07:00:00Z'),
  });
  assert.deepEqual(hours.at(seconds('2024-11-03T06:10:00Z')), {
    path: '/2024-11-03/01',
    end: seconds('2024-11-03T07:00:00Z'),
  });
  const quarters = clockOf('/%F/%H%M', '15m', 'America/New_York');
  assert.equal(slotOf(quarters, '2024-11-03T05:44:59Z'), '/2024-11-03/0130');
  assert.deepEqual(quarters.at(seconds('2024-11-03T05:50:00Z')), {
    path: '/2024-11-03/0145',
    end: seconds('2024-11-03T07:00:00Z'),
  });
  assert.equal(slotOf(quarters, '2024-11-03T06:10:00Z'), '/2024-11-03/0145');
  const told = clockOf('/%F/%H%M%z', '15m', 'America/New_York');
  assert.equal(slotOf(told, '2024-11-03T05:10:00Z'), '/2024-11-03/0100-0400');
  assert.equal(slotOf(told, '2024-11-03T06:10:00Z'), '/2024-11-03/0100-0500');
});

test('the hour that is left out has no slot', () => {
  const hours = clockOf('/%F/%H', 'hour', 'America/New_York');
  assert.deepEqual(hours.at(seconds('2024-03-10T06:59:59Z')), {
    path: '/2024-03-10/01',
    end: seconds('2024-03-10T07:00:00Z'),
  });
  assert.deepEqual(hours.at(seconds('2024-03-10T07:00:00Z')), {
    path: '/2024-03-10/03',
    end: seconds('2024-03-10T08:00:00Z'),
  });
  const days = clockOf('/%F', 'day', 'America/New_York');
  assert.equal(days.at(seconds('2024-03-10T12:00:00Z')).end, seconds('2024-03-11T04:00:00Z'));
});

test('slots lie one behind the other, each under a name of its own, in every zone', () => {
  const zones = [
    'UTC',
    'America/New_York',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Pacific/Apia',
    'Asia/Kathmandu',
  ];
  const patterns = ['/%F/%H%M%S', '/%F/%H%M%S%z'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.constantFrom(...patterns),
      fc.constantFrom('15m', 'hour', '6h', 'day'),
      fc.integer({ min: seconds('1985-01-01T00:00:00Z'), max: seconds('2030-01-01T00:00:00Z') }),
      (zone, pattern, by, from) => {
        const clock = clockOf(pattern, by, zone);
        const seen = new Set<string>();
        let at = from;
        for (let i = 0; i < 40; i++) {
          const { path, end } = clock.at(at);
          assert.ok(end > at && !seen.has(path), path);
          seen.add(path);
          assert.deepEqual(clock.at(end - 1), { path, end });
          at = end;
        }
      },
    ),
    { endOnFailure: true, numRuns: 60 },
  );
});

test('what cannot tell slots apart is refused', () => {
  const refused = (pattern: string, by: string, what: RegExp) =>
    assert.throws(
      () => clockOf(pattern, by, 'UTC'),
      (error) => error instanceof TsalignError && error.problem.code === 'usage' && what.test(error.message),
    );
  refused('/%F.log', 'hour', /no %H/);
  refused('/%Y/%m/%H', 'hour', /no %d/);
  refused('/all.log', 'hour', /no % at all; like 'out\/%F\/%H.log'/);
  refused('/%F/%H', '15m', /no %M/);
  refused('/%F/%H%M', '30s', /no %S/);
  refused('/%F/%Q', 'day', /%Q stands for no part/);
  refused('/%F/%', 'day', /% stands for no part/);
  refused('/%F', '7m', /no length of slots/);
  refused('/%F', '2d', /no length of slots/);
  refused('/%F', 'constructor', /no length of slots/);
});

test('the names of slots are known again', () => {
  const names = slotMatcher('/o/dt=%F/hour=%H%z.log.gz');
  assert.ok(names.test('/o/dt=2024-03-10/hour=06+0530.log.gz'));
  assert.ok(!names.test('/o/dt=2024-03-10/hour=06+0530.logxgz'));
  assert.ok(!names.test('/o/dt=a/hour=06+0530.log.gz'));
});

test('where a slot begins', () => {
  const zones = ['UTC', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'America/Sao_Paulo'];
  const lengths = fc.constantFrom('15m', 'hour', '6h', 'day');
  const changes = fc.constantFrom('2024-03-10T07:00Z', '2024-11-03T06:00Z', '2024-04-06T15:00Z', '2017-10-15T03:00Z');
  const far = fc.integer({ min: -200_000, max: 200_000 });
  fc.assert(
    fc.property(fc.constantFrom(...zones), lengths, changes, far, fc.boolean(), (zone, by, change, offset, tells) => {
      const clock = clockOf(tells ? '/%F/%H%M%z' : '/%F/%H%M', by, zone);
      const at = seconds(change) + offset;
      const begin = clock.beginOf(at);
      assert.deepEqual(clock.at(begin), clock.at(at));
      assert.ok(begin <= at && clock.at(begin - 1).end === begin);
    }),
    { endOnFailure: true },
  );
});
