import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsalignError } from '../../src/core/problem.ts';
import { detectStamp, rateStamps } from '../../src/time/detect.ts';
import { describeStamp, type StampSettings } from '../../src/time/plan.ts';
import type { PlannedStamper } from '../../src/time/planned-stamper.ts';
import { createStamper } from '../../src/time/stamper.ts';
import { parseZone } from '../../src/time/zone.ts';

const encode = (texts: readonly string[]): Uint8Array[] => texts.map((text) => new TextEncoder().encode(text));
const detect = (lines: readonly string[], settings: StampSettings = {}) => detectStamp(encode(lines), 'line', settings);

/** What `tell` says of each line's stamp, or what `none` is where it opens no record. */
function ofStamps(
  lines: readonly string[],
  settings: StampSettings,
  none: string,
  tell: (stamper: PlannedStamper, bytes: Uint8Array) => string,
): string[] {
  const plan = detect(lines, settings);
  assert.ok(plan);
  const bytes = new Uint8Array(Buffer.from(`${lines.join('\n')}\n`));
  const stamper = createStamper(plan, { bytes });
  let at = 0;
  return encode(lines).map((line) => {
    const start = at;
    at += line.length + 1;
    return stamper.read(start, start + line.length) ? tell(stamper, bytes) : none;
  });
}

/** The text of each line's stamp, '' where it opens no record. */
const stamps = (lines: readonly string[], settings: StampSettings = {}): string[] =>
  ofStamps(lines, settings, '', ({ at, length }, bytes) => Buffer.from(bytes.subarray(at, at + length)).toString());

test('dates inside continuation lines open no record', () => {
  const trace = [
    '  at com.example.Job(Job.java:12) since 2001-01-01 00:00:00',
    'Caused by: expired 2001-01-01 00:00:00',
    '',
  ];
  const lines = [1, 2, 3].flatMap((minute) => [`2024-03-10 10:0${minute}:00 ERROR x`, ...trace, ...trace, ...trace]);
  assert.deepEqual(stamps(lines).filter(Boolean), [
    '2024-03-10 10:01:00',
    '2024-03-10 10:02:00',
    '2024-03-10 10:03:00',
  ]);
});

test('a line opens a record only in a way that records of the sample do', () => {
  const lines = [
    '2024-03-10 10:00:00 a',
    '2024-03-10 10:00:01 b',
    ' 2001-01-01 00:00:00 indented',
    '2024-03-10 10:00:02 c',
  ];
  assert.deepEqual(stamps(lines), ['2024-03-10 10:00:00', '2024-03-10 10:00:01', '', '2024-03-10 10:00:02']);
});

test('a date that never changes is not the records’ time', () => {
  const lines = [0, 1, 2, 3, 4, 5].map((i) => `app.log.2017-05-16_13:53:08 2017-05-1${i} 00:00:00.008 GET /`);
  assert.deepEqual(
    stamps(lines),
    [0, 1, 2, 3, 4, 5].map((i) => `2017-05-1${i} 00:00:00.008`),
  );
});

test('the time of the request wins over a date in its path', () => {
  const lines = [1, 2, 3, 4].map(
    (i) => `10.0.0.${i} - - [10/Mar/2024:10:00:0${i} +0000] "GET /2001-01-01T00:00:00Z" 200 ${i}`,
  );
  assert.deepEqual(
    stamps(lines),
    [1, 2, 3, 4].map((i) => `10/Mar/2024:10:00:0${i} +0000`),
  );
});

test('a key before the stamp is taken as its place, whatever stands before the key', () => {
  const lines = [
    'level=info time="2024-03-10T10:00:00Z" msg="since 2001-01-01T00:00:00Z"',
    'host=a level=error time="2024-03-10T10:00:01Z" x',
  ];
  assert.deepEqual(stamps(lines), ['2024-03-10T10:00:00Z', '2024-03-10T10:00:01Z']);
  const plan = detect(lines);
  assert.deepEqual(plan?.place.kind === 'inside' && plan.place.before, 'time="');
});

test('numbers that only look like a time are none', () => {
  for (const line of [
    '10.20.30.40 connected',
    'v2024.03.10.1 released',
    'id 1689339601 done',
    '1689339601.5.6.7 x',
    'port 16893396011',
    '/var/log/2024-03-10/app.log',
    '123456 x',
    '0.001 x',
    '20240310 x',
  ]) {
    assert.equal(detect([line, line]), undefined, line);
  }
});

test('several formats at the same place are all read', () => {
  const lines = [
    '2024-03-10 10:00:00 a',
    '2024-03-10 10:00:01 b',
    'Sun Mar 10 10:00:02 2024 c',
    '[2024-03-10 10:00:03] d',
    '1710064804 e',
    '1710064805 f',
  ];
  assert.deepEqual(
    stamps(lines).map((stamp) => stamp.length),
    [19, 19, 24, 19, 10, 10],
  );
  assert.deepEqual(
    detect(lines)?.formats.map((format) => format.name),
    ['iso', 'ctime', 'epoch'],
  );
});

test('day and month: a day above twelve decides, then the order in time, then a doubt is told', () => {
  const name = (lines: readonly string[], settings?: StampSettings) =>
    detect(lines, settings)?.formats.map((format) => format.name);
  assert.deepEqual(name(['05/06/2024 10:00:00 a', '13/06/2024 10:00:00 b']), ['dmy']);
  assert.deepEqual(name(['05/06/2024 10:00:00 a', '05/13/2024 10:00:00 b']), ['mdy']);
  const days = ['01/03/2024', '02/03/2024', '01/04/2024', '02/04/2024', '01/05/2024', '02/05/2024'];
  assert.deepEqual(name(days.map((day) => `${day} 10:00:00 a`)), ['dmy']);
  const open = ['05/06/2024 10:00:00 a', '05/06/2024 10:00:01 b'];
  assert.match(detect(open)?.doubts[0]?.what ?? '', /days or months come first/);
  const settled = detect(open, { dayOrder: 'dmy' });
  assert.deepEqual([settled?.formats[0]?.name, settled?.doubts], ['dmy', []]);
});

test('the zone, how it was decided, and the year are in the plan and its description', () => {
  const lines = ['Mar 10 10:00:00 host a', 'Mar 10 10:00:01 host b'];
  assert.equal(
    describeStamp(detect(lines)!),
    'syslog at the start of a line (100 % of the sample); zone: UTC (assumed, the text names none); first year: from the order and the modification time of the file',
  );
  const given = detect(lines, { zone: parseZone('Europe/Berlin'), year: 2024 })!;
  assert.match(describeStamp(given), /zone: Europe\/Berlin; first year: 2024$/);
  assert.equal(detect(['2024-03-10T10:00:00Z x'])?.naive, false);
});

test('every opening of a line', () => {
  for (const opening of ['', '[', '(', '<', '"', '<34>', '<165>1 ', '\u001b[32m', '\u001b[1;31m[', '  ']) {
    assert.deepEqual(
      stamps([`${opening}2024-03-10 10:00:00 x`, `${opening}2024-03-10 10:00:01 y`]),
      ['2024-03-10 10:00:00', '2024-03-10 10:00:01'],
      JSON.stringify(opening),
    );
  }
});

test('CR before the line end does not matter', () => {
  assert.deepEqual(stamps(['2024-03-10 10:00:00\r', '2024-03-10 10:00:01\r\r']), [
    '2024-03-10 10:00:00',
    '2024-03-10 10:00:01',
  ]);
});

test('a pattern or a name that the user gave is the only one tried', () => {
  const lines = ['2024-03-10 10:00:00 at 10|03|24 09h30', '2024-03-10 10:00:01 at 10|03|24 09h31'];
  assert.deepEqual(stamps(lines, { timeFormat: "dd'|'MM'|'yy HH'h'mm" }), ['10|03|24 09h30', '10|03|24 09h31']);
  assert.equal(detect(lines, { timeFormat: 'clf' }), undefined);
});

test('a format that cannot be read is a usage error', () => {
  const message = (timeFormat: string): string => {
    try {
      detect(['x'], { timeFormat });
    } catch (error) {
      assert.ok(error instanceof TsalignError);
      return error.message;
    }
    return assert.fail(`${timeFormat} was accepted`);
  };
  assert.match(message('sylog'), /did you mean "syslog"/);
  assert.match(message('EEE ss'), /with a date or a time/);
  assert.match(message("yyyy-MM-dd 'T"), /a quote is not closed/);
  assert.match(message('yyyy-MM-dd {HH'), /a \{ is not closed/);
  assert.match(message('yyyy-MM-dd}'), /"\}" stands alone/);
  assert.match(message('yyyyy-MM-dd'), /there is no token yyyyy/);
  assert.match(message('DD yyyy-MM-dd'), /the token DD cannot be read/);
});

test('rateStamps tells the share of whole stamps; a date alone counts less than half', () => {
  assert.equal(rateStamps(encode(['2024-03-10 10:00:00', '2024-03-10T10:00Z', 'x', '2024-03-10 x'])), 0.5);
  assert.equal(rateStamps(encode(['2024-03-10', '2024-03-11'])), 0.45);
  assert.equal(rateStamps(encode(['a', ''])), 0);
  assert.equal(rateStamps([]), 0);
  assert.ok(rateStamps(encode(['1689339601'])) < 1);
});

test('nothing in the sample, no plan', () => {
  assert.equal(detect([]), undefined);
  assert.equal(detect(['', 'no time here']), undefined);
  assert.equal(detectStamp(encode(['', 'x']), 'field', {}), undefined);
});

test('a zone in lower case behind every time is not taken for one, and said', () => {
  const lines = ['2022-06-28 01:51:12 yekt a', '2022-06-28 01:51:13 yekt b'];
  assert.match(detectStamp(encode(lines), 'line', {})?.doubts[0]?.what ?? '', /"yekt" .* not in capitals/);
  assert.deepEqual(detectStamp(encode([...lines, '2022-06-28 01:51:14 host c']), 'line', {})?.doubts, []);
  assert.deepEqual(detectStamp(encode(['2022-06-28 01:51:12 est-gw a']), 'line', {})?.doubts, []);
});

test('a day of the week that is not that of its date is said', () => {
  const what = (line: string, settings: StampSettings = {}) => detect([line], settings)?.doubts[0]?.what ?? '';
  assert.match(what('Mon Mar 10 06:59:58 2024 start'), /the day of the week .* is not that of their dates/);
  assert.equal(what('Sun Mar 10 06:59:58 2024 start'), '');
  assert.equal(what('Thu Jan  1 00:00:00 UTC 1970 start'), '');
  assert.equal(what('Mon Mar 10 06:59:58 start', { year: 2024 }), '');
  assert.equal(what('Mon Mar 10 06:59:58 2024 start', { timeFormat: 'ctime' }), '');
});

test('a clock of twelve hours without AM and PM is said', () => {
  const doubts = (...clocks: string[]) => detect(clocks.map((clock) => `03/13/2024 ${clock} x`))?.doubts ?? [];
  assert.match(doubts('11:59:58', '12:30:00', '1:05:00')[0]?.what ?? '', /hours go from 12 back to 1/);
  assert.deepEqual(doubts('11:59:58 AM', '12:30:00 PM', '1:05:00 PM'), []);
  assert.deepEqual(doubts('11:59:58', '12:30:00', '13:05:00', '1:05:00'), []);
  assert.deepEqual(doubts('11:59:58', '12:30:00', '11:05:00'), []);
});

test('a time here and there inside of lines is no stamp where a number in every line is', () => {
  const call = (i: number) => `10000 16970483${50 + i}.00000${i} write(1, "x", 1) = 1`;
  const calls = Array.from({ length: 40 }, (_, i) => (i === 20 ? `${call(i)} "Date: 2025-10-19 20:39:11"` : call(i)));
  assert.equal(stamps(calls)[0], '1697048350.000000');
  assert.match(detect(calls)?.doubts[0]?.what ?? '', /number among other words/);
  const words = calls.map((line, i) => (i === 20 ? line : 'a trace'));
  assert.equal(stamps(words)[20], '2025-10-19 20:39:11');
});

/** The instants that the stamps of lines are read as, `-` for one that opens no record. */
const instantsOf = (lines: readonly string[], settings: StampSettings = {}): string[] =>
  ofStamps(lines, settings, '-', ({ high, low }) => {
    const nanos = (BigInt(high) << 32n) | BigInt(low >>> 0);
    return new Date(Number(nanos / 1_000_000n)).toISOString().replace('.000Z', 'Z');
  });

const READ: readonly (readonly [what: string, ...lines: (readonly [line: string, instant: string])[]])[] = [
  [
    'a date that one order of day and month reads is no time with dots',
    ['14.03.24 09:05:06 a', '2024-03-14T09:05:06Z'],
    ['14.03.24 09:05:07 b', '2024-03-14T09:05:07Z'],
    ['14.03.24 09:05:08 c', '2024-03-14T09:05:08Z'],
    ['14.03.24 09:05:09 d', '2024-03-14T09:05:09Z'],
  ],
  [
    'months whose short names are English ones too do not hide that the others are of another language',
    ['29-gen-2024 05:02:09 a', '2024-01-29T05:02:09Z'],
    ['01-feb-2024 05:02:09 b', '2024-02-01T05:02:09Z'],
    ['01-mar-2024 05:02:09 c', '2024-03-01T05:02:09Z'],
    ['01-mag-2024 05:02:09 d', '2024-05-01T05:02:09Z'],
  ],
  [
    'months that C libraries shorten to three letters',
    ['29 янв 2024 05:02:09 a', '2024-01-29T05:02:09Z'],
    ['01 фев 2024 05:02:09 b', '2024-02-01T05:02:09Z'],
    ['01 сен 2024 05:02:09 c', '2024-09-01T05:02:09Z'],
  ],
  [
    'hours of one digit that are aligned to the right open records as others do',
    ['14Mar2024  9:59:58 a', '2024-03-14T09:59:58Z'],
    [' 1Apr2024 10:00:00 b', '2024-04-01T10:00:00Z'],
    ['11Apr2024 10:00:00 c', '2024-04-11T10:00:00Z'],
    ['    at 2001-01-01 00:00:00', '-'],
  ],
  [
    'a host whose name begins with a year',
    ['Mar  8 07:09:03 2012-mail postfix[2]: a', '2024-03-08T07:09:03Z'],
    ['Mar  8 07:09:04 2012-mail postfix[2]: b', '2024-03-08T07:09:04Z'],
  ],
  [
    'words before a bracket that are no zones',
    ['[2024-03-14 09:05:06 core] a', '2024-03-14T09:05:06Z'],
    ['[2024-03-14 09:05:07 MAIN] b', '2024-03-14T09:05:07Z'],
    ['[2024-03-14 09:05:08 WAKXT] c', '-'],
  ],
  [
    'halves of the day in Greek, Arabic and Chinese',
    ['14/3/2024 1:02:01 μμ a', '2024-03-14T13:02:01Z'],
    ['14/3/2024 1:02:02 π.μ. b', '2024-03-14T01:02:02Z'],
    ['14/3/2024 1:02:03 م c', '2024-03-14T13:02:03Z'],
    ['14/3/2024 1:02:04 مرحبا', '2024-03-14T01:02:04Z'],
    ['14/3/2024 1:02:05 ΜΜ', '2024-03-14T13:02:05Z'],
  ],
];

for (const [what, ...rows] of READ) {
  test(what, () => {
    assert.deepEqual(
      instantsOf(
        rows.map(([line]) => line),
        { year: 2024 },
      ),
      rows.map(([, instant]) => instant),
    );
  });
}

test('digits with a zero before them are a date, and no number since 1970', () => {
  assert.deepEqual(instantsOf([1, 2, 3, 4].map((day) => `0${day}022024123529 INFO start`)), [
    '2024-02-01T12:35:29Z',
    '2024-02-02T12:35:29Z',
    '2024-02-03T12:35:29Z',
    '2024-02-04T12:35:29Z',
  ]);
});

test('five digits before the time of a trace are a process, and no year with its day', () => {
  const anchor = BigInt(Date.UTC(2024, 2, 10)) * 1_000_000n;
  const trace = [1, 2, 3, 4].map((i) => `2407${i} 08:09:33.81493${i} openat(3) = 3`);
  assert.deepEqual(instantsOf(trace, { anchor }).slice(0, 2), ['2024-03-10T08:09:33.814Z', '2024-03-10T08:09:33.814Z']);
  assert.deepEqual(
    detect(trace)?.doubts.map(({ what }) => what),
    ['the number before each time was taken for that of a process'],
  );
});

test('twelve digits at the heads of lines are a time only where they could hardly be anything else', () => {
  const lines = ['07', '08', '09', '10'].map((minute) => `2403100659${minute} INFO start`);
  assert.deepEqual(instantsOf(lines)[3], '2024-03-10T06:59:10Z');
  assert.equal(detect(lines)?.doubts.length, 1);
  // Telephone numbers; minutes that a year of four digits has before them.
  assert.equal(detect(['491711234567 a', '493012345678 b', '498912345678 c', '492211234567 d']), undefined);
  assert.deepEqual(instantsOf(['202403100659 a', '202403100700 b'])[0], '2024-03-10T06:59:00Z');
});

test('two numbers at the heads of lines are a day and its seconds only if they are', () => {
  assert.equal(instantsOf([1, 2, 3, 4].map((i) => `60379 2519${i}.125 192.0.2.7 9014`))[3], '2024-03-10T06:59:54.125Z');
  assert.equal(detect([1, 2, 3, 4].map((i) => `60379 8640${i}.125 x`)), undefined);
  assert.equal(detect([1, 2, 3, 4].map((i) => `20379 251${i}.125 x`)), undefined);
});

/** What a line of this time is dated, in two lines; undefined where it is not. */
const timeBefore = (time: string) => detect([`2024-03-10T${time} a`, `2024-03-10T${time} b`])?.formats[0]?.name;

for (const time of ['06:59:58FOO', '06:59:58.313913FOO', '06:59:58I', '06:59:58msg', '13:00:00pmx', '00:00:01a']) {
  test(`a date and a clock to the second are read before a word: ${time}`, () => {
    assert.equal(timeBefore(time), 'iso');
  });
}

for (const time of [
  '06:59:58PMx',
  '06:59:58p',
  '06:59:58Zulu',
  '06:59:58a1b2',
  '06:59:58XYZ+2',
  '06:59:58ESTx',
  '06:59foo',
]) {
  test(`no time is taken where the word may change it, or it is chance: ${time}`, () => {
    assert.equal(timeBefore(time), undefined);
  });
}

test('a word in capitals that follows each time at once may be a zone, which is said', () => {
  const lines = ['2015-04-24T21:08:10.31FOO err', '2015-04-24T21:08:58.43FOO err'];
  assert.match(detectStamp(encode(lines), 'line', {})?.doubts[0]?.what ?? '', /^"FOO" behind each time may be a zone/);
});

test('a single line with a priority before a stamp that others have at once is a record', () => {
  const line = (at: string) => `${at} host app: x`;
  const lines = [...Array.from({ length: 60 }, () => line('Oct 10 2018 12:34:56')), line('<166>Jan 11 2023 13:34:06')];
  const plan = detectStamp(
    lines.map((each) => new TextEncoder().encode(each)),
    'line',
    {},
  );
  assert.deepEqual(plan?.place, { kind: 'start', openings: ['none', 'priority'] });
  assert.equal(plan?.dated, 1);
  assert.deepEqual(plan?.doubts, []);
});
