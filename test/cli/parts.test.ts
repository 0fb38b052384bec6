import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { decideColor } from '../../src/cli/color.ts';
import { writeMessage, writeText } from '../../src/cli/io.ts';
import { createMessages, type MessageSettings, PLAIN_MESSAGES, visible } from '../../src/cli/messages.ts';
import { createProgress, progressLine, summaryLine } from '../../src/cli/progress.ts';
import type { Problem } from '../../src/core/problem.ts';
import { formatSize, parseSize } from '../../src/core/sizes.ts';
import { RESULT, testIo } from './io.ts';

test('sizes are read as GNU tools read them', () => {
  const cases: [string, number][] = [
    ['1048576', 1048576],
    ['256MiB', 268435456],
    ['64M', 67108864],
    ['64m', 67108864],
    ['1.5G', 1610612736],
    ['2 GiB', 2147483648],
    ['20MB', 20000000],
    ['100b', 100],
  ];
  for (const [text, bytes] of cases) assert.equal(parseSize(text, '--memory', 0), bytes, text);
  for (const text of ['', 'M', '-1M', '1e9', '5%', '1 2M', '0x10', 'MiB5', '1TB']) {
    assert.throws(() => parseSize(text, '--memory', 0), /--memory: ".*" is not a size/, text);
  }
});

test('sizes are written short', () => {
  assert.deepEqual([0, 512, 1536, 16 * 2 ** 20, 1.4 * 2 ** 30].map(formatSize), [
    '0 B',
    '512 B',
    '1.5 KiB',
    '16 MiB',
    '1.4 GiB',
  ]);
});

test('colour: option, NO_COLOR, FORCE_COLOR, terminal, in this order', () => {
  const cases: [Parameters<typeof decideColor>, number][] = [
    [['auto', { TERM: 'xterm' }, true], 1],
    [['auto', { TERM: 'xterm-256color' }, true], 2],
    [['auto', { TERM: 'xterm-256color', COLORTERM: 'truecolor' }, true], 3],
    [['auto', { TERM: 'xterm' }, false], 0],
    [['auto', { TERM: 'dumb' }, true], 0],
    [['auto', { TERM: 'xterm', NO_COLOR: '1' }, true], 0],
    [['auto', { TERM: 'xterm', NO_COLOR: '' }, true], 1],
    [['auto', { NO_COLOR: '1', FORCE_COLOR: '3' }, true], 0],
    [['auto', { FORCE_COLOR: '2' }, false], 2],
    [['auto', { FORCE_COLOR: 'true' }, false], 1],
    [['auto', { FORCE_COLOR: '0', TERM: 'xterm' }, true], 0],
    [['auto', { FORCE_COLOR: '' }, false], 0],
    [['always', { NO_COLOR: '1' }, false], 1],
    [['never', { FORCE_COLOR: '3', TERM: 'xterm' }, true], 0],
  ];
  for (const [given, level] of cases) assert.equal(decideColor(...given), level, JSON.stringify(given));
});

test('messages cannot move the cursor or fake another line', () => {
  assert.equal(visible('a\x1b[31mb\nc\u202ed\x85é日'), 'a\\x1b[31mb\\x0ac\\u202ed\\x85é日');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.doesNotMatch(visible(text), /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
    }),
  );
});

test('a terminal shows messages wrapped, and nothing else does', () => {
  const problem: Problem = {
    code: 'ambiguous',
    where: 'a.log',
    what: 'the stamps name no zone',
    hint: 'give --tz UTC',
  };
  const said = (changes: Partial<MessageSettings>) => {
    let text = '';
    createMessages((part) => (text += part), { ...PLAIN_MESSAGES, ...changes }).warn(problem);
    return text;
  };
  const bold = (text: string) => `<${text}>`;
  assert.equal(said({}), 'tsalign: a.log: the stamps name no zone; give --tz UTC\n');
  assert.equal(said({ columns: 30, paint: bold }), '<tsalign:> a.log: the stamps\n  name no zone; give --tz UTC\n');
  assert.equal(said({ columns: 30, json: true }).split('\n').length, 2);
});

test('JSON messages name source and line apart', () => {
  const cases: [string | undefined, string | null, number | null][] = [
    ['web.csv:120', 'web.csv', 120],
    ['a:b.log', 'a:b.log', null],
    ['-', '-', null],
    ['two\nlines:3', 'two\nlines', 3],
    [undefined, null, null],
  ];
  for (const [where, source, line] of cases) {
    let text = '';
    const messages = createMessages((part) => (text += part), { ...PLAIN_MESSAGES, json: true });
    messages.warn({ code: 'undated', what: 'no stamp', ...(where === undefined ? {} : { where }) });
    assert.equal(text.indexOf('\n'), text.length - 1);
    const expected = { severity: 'warning', code: 'undated', message: 'no stamp', source, line, hint: null };
    assert.deepEqual(JSON.parse(text), expected);
  }
});

test('the same doubt of many sources is said of some, and the others are counted', () => {
  const warned = (count: number, json = false) => {
    const lines: string[] = [];
    const messages = createMessages((line) => lines.push(line), { ...PLAIN_MESSAGES, json });
    for (let i = 1; i <= count; i++) {
      messages.warn({ code: 'ambiguous', where: `${i}.log`, what: 'no year', hint: 'give --year' });
    }
    messages.warn({ code: 'ambiguous', where: 'other.log', what: 'two zones', hint: 'give --tz-abbr' });
    messages.finish();
    return lines;
  };
  assert.equal(warned(3).length, 4);
  assert.deepEqual(warned(5).slice(2), [
    'tsalign: 3.log: no year; give --year\n',
    'tsalign: other.log: two zones; give --tz-abbr\n',
    'tsalign: 2 more sources: in doubt as 1.log is, and listed by --report FILE; give --year\n',
  ]);
  assert.equal(warned(5, true).length, 6);
});

const STATE = { doing: 'merging', bytes: 3 * 2 ** 20, totalBytes: 4 * 2 ** 20, records: 1234 };
const SECOND = 1_000_000_000n;

test('progress waits a second, redraws rarely, shows at once what is begun, is erased before the summary', () => {
  const io = testIo({ stderrIsTerminal: true });
  const progress = createProgress(io, { quiet: false, withoutLine: false, recordsToFile: true });
  progress.update(STATE);
  io.time = SECOND;
  progress.update(STATE);
  io.time += SECOND / 10n;
  progress.update(STATE);
  progress.update({ ...STATE, doing: 'sorting' });
  io.time += SECOND / 10n;
  progress.finish(RESULT.summary);
  const line = 'merging: 3 MiB of 4 MiB, 75 %, 1,234 records, 1.0 s';
  const begun = 'sorting: 3 MiB of 4 MiB, 75 %, 1,234 records, 1.1 s';
  const summary = 'tsalign: 2 records of 1 source written in 1.2 s; 1 duplicate\n';
  assert.equal(io.err, `\r\x1b[K${line}\r\x1b[K${begun}\r\x1b[K${summary}`);
});

test('progress keeps to the width of the terminal', () => {
  const io = testIo({ stderrIsTerminal: true, columns: () => 20 });
  const progress = createProgress(io, { quiet: false, withoutLine: false, recordsToFile: true });
  io.time = 2n * SECOND;
  progress.update(STATE);
  assert.equal(io.err, '\r\x1b[Kmerging: 3 MiB of 4');
});

test('progress and summary are shown only to people, and only where nobody else writes', () => {
  const cases: [string, Parameters<typeof testIo>[0], object, boolean, boolean][] = [
    ['to a file', { stderrIsTerminal: true }, {}, true, true],
    ['to -o', { stderrIsTerminal: true, stdoutIsTerminal: true }, { recordsToFile: true }, true, true],
    ['to the terminal', { stderrIsTerminal: true, stdoutIsTerminal: true }, {}, false, true],
    ['to less', { stderrIsTerminal: true, stdoutIsPipe: true }, {}, false, false],
    ['cron', {}, { recordsToFile: true }, false, false],
    ['quiet', { stderrIsTerminal: true }, { quiet: true }, false, false],
    ['--no-progress', { stderrIsTerminal: true }, { withoutLine: true }, false, true],
    ['dumb', { stderrIsTerminal: true, env: { TERM: 'dumb' } }, {}, false, true],
  ];
  for (const [name, changes, settings, line, summary] of cases) {
    const io = testIo(changes);
    const progress = createProgress(io, { quiet: false, withoutLine: false, recordsToFile: false, ...settings });
    io.time = 2n * SECOND;
    progress.update(STATE);
    assert.equal(io.err !== '', line, `${name}: line`);
    io.err = '';
    progress.finish(RESULT.summary);
    assert.equal(io.err.endsWith('\n'), summary, `${name}: summary`);
  }
});

test('progress of a pipe has no share; a summary names only what happened', () => {
  assert.equal(progressLine({ doing: 'sorting', bytes: 10, records: 1 }, 61000), 'sorting: 10 B, 1 record, 61 s');
  assert.equal(progressLine({ doing: 'merging', bytes: 0, records: 0 }, 4100), 'merging: 4.1 s');
  const clean = { ...RESULT.summary, sources: 3, written: 1200, duplicates: 0, outside: 5 };
  assert.equal(summaryLine(clean, 400), '1,200 records of 3 sources written in 0.4 s; 5 outside the range');
});

test('text is written whole; a full disk is told for records, and not for messages', () => {
  const path = join(tmpdir(), `tsalign-write-${process.pid}`);
  const file = openSync(path, 'w');
  writeText(file, 'é'.repeat(100_000));
  closeSync(file);
  assert.equal(readFileSync(path, 'utf8').length, 100_000);
  rmSync(path);
  const full = openSync('/dev/full', 'w');
  assert.throws(() => writeText(full, 'x'), {
    message: 'stdout: no space left on device',
    problem: { code: 'disk-full', where: 'stdout', what: 'no space left on device' },
  });
  writeMessage(full, 'x');
  closeSync(full);
});
