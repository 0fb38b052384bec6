import assert from 'node:assert/strict';
import fs from 'node:fs';
import { afterEach, beforeEach, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { type ProblemCode, TsalignError } from '../../src/core/problem.ts';
import type { MergeRequest } from '../../src/request.ts';
import { verifySlots } from '../../src/slots.ts';
import { line, makePlace, type Place } from '../helpers/unattended.ts';

const HOURS = { sources: ['*.log'], splitBy: 'hour', output: 'out/%F/%H.txt', outputFormat: 'text' } as const;
let place: Place;
beforeEach(() => {
  place = makePlace(HOURS as unknown as Partial<MergeRequest>);
});
afterEach(() => place.remove());

const state = { state: 'state' };
const isProblem = (code: ProblemCode, what: RegExp) => (error: unknown) =>
  error instanceof TsalignError && error.problem.code === code && what.test(error.message);

/** What lies in a folder, by name; of ours only the manifest. */
const slots = (folder = 'out'): Record<string, string> =>
  Object.fromEntries(
    place
      .files()
      .filter((name) => name.startsWith(`${folder}/`) && !name.includes('_tsalign'))
      .map((name) => [name.slice(folder.length + 1), place.read(name)]),
  );
const ours = (): string[] => place.files().filter((name) => name.startsWith('out/_tsalign'));
const manifest = () => JSON.parse(place.read('out/_tsalign/manifest.json'));
const slotsDone = (report: unknown) =>
  (report as { output: { slots: { changes: Record<string, unknown>[]; untouched: string[] } } }).output.slots;

test('each slot has a file, in order, and a line in the manifest', async () => {
  place.write('a.log', line(3600, 'c') + line(0, 'a') + line(90_000, 'd'));
  place.write('b.log', line(0, 'b'));
  const { result, warnings } = await place.run();
  assert.deepEqual(warnings, []);
  assert.deepEqual(slots(), {
    '2024-03-10/06.txt':
      '2024-03-10T06:00:00.000Z a.log | 2024-03-10T06:00:00.000Z a\n2024-03-10T06:00:00.000Z b.log | 2024-03-10T06:00:00.000Z b\n',
    '2024-03-10/07.txt': '2024-03-10T07:00:00.000Z a.log | 2024-03-10T07:00:00.000Z c\n',
    '2024-03-11/07.txt': '2024-03-11T07:00:00.000Z a.log | 2024-03-11T07:00:00.000Z d\n',
  });
  assert.deepEqual(ours(), ['out/_tsalign/manifest.json']);
  const { slots: told, ...rest } = manifest();
  assert.deepEqual(rest, {
    manifest: 1,
    format: 'text',
    names: '%F/%H.txt',
    splitBy: 'hour',
    zone: 'UTC',
    compression: 'none',
    sources: ['a.log', 'b.log'],
  });
  assert.deepEqual(told[0].sources, { 'a.log': 1, 'b.log': 1 });
  assert.equal(told[0].first, '2024-03-10T06:00:00Z');
  assert.deepEqual(
    slotsDone(result.report).changes.map(({ change }) => change),
    ['new', 'new', 'new'],
  );
  assert.deepEqual(await verifySlots('out', place.folder), {
    slots: 3,
    records: 4,
    bytes: Object.values(slots()).join('').length,
    trouble: [],
  });
});

test('slots that are there are left alone, or written anew, and the difference said', async () => {
  place.write('a.log', line(0, 'a') + line(3600, 'b') + line(7200, 'c'));
  await place.run();
  const before = slots();
  await assert.rejects(place.run(), isProblem('output', /06\.txt: this slot exists; --replace-slots/));
  assert.deepEqual([slots(), ours().length], [before, 1]);
  const same = await place.run({ replaceSlots: true });
  assert.deepEqual([slots(), same.warnings], [before, []]);
  place.write('a.log', line(1, 'a2') + line(0, 'a') + line(3600, 'b'));
  const { result, warnings } = await place.run({ replaceSlots: true });
  assert.match(
    warnings.map(({ what }) => what).join(),
    /^1 slot differs from before: 2024-03-10\/06.txt 2 records \(before: 1\); no record fell into 1 slot, left as they were$/,
  );
  assert.deepEqual(slotsDone(result.report), {
    changes: [
      { slot: '2024-03-10/06.txt', change: 'changed', records: 2, before: 1 },
      { slot: '2024-03-10/07.txt', change: 'same', records: 1, before: 1 },
    ],
    untouched: ['2024-03-10/08.txt'],
  });
  assert.equal(manifest().slots.length, 3);
  assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
});

test('--replace-slots says which slots something else had written to', async () => {
  place.write('a.log', line(0, 'a') + line(3600, 'b') + line(7200, 'c'));
  await place.run();
  const before = slots();
  place.append('out/2024-03-10/06.txt', 'by hand\n');
  fs.rmSync(place.path('out/2024-03-10/07.txt'));
  const { warnings } = await place.run({ replaceSlots: true });
  assert.deepEqual(
    warnings.map(({ what }) => what),
    ['1 slot that something else had written to was replaced: 2024-03-10/06.txt'],
  );
  assert.deepEqual(slots(), before);
  place.write('b.log', line(10_800, 'd'));
  place.write('out/2024-03-10/09.txt', 'notes\n');
  const stranger = await place.run({ replaceSlots: true });
  assert.match(stranger.warnings.map(({ what }) => what).join(), /^1 slot that .* was replaced: 2024-03-10\/09\.txt$/);
});

test('a run that fails leaves nothing', async () => {
  place.write('a.log', `${line(0, 'a')}broken\n`);
  place.write('b.log', '{"ts":"2024-03-10T06:00:00Z"}\n{"ts":\n');
  await assert.rejects(place.run({ undated: 'fail' }), isProblem('undated', /broken/));
  assert.deepEqual(place.files(), ['a.log', 'b.log']);
  assert.ok(!fs.existsSync(place.path('out')));
});

test('nothing that is no slot of ours is written over, no link leads out', async () => {
  place.write('a.log', line(0, 'a'));
  place.write('out/2024-03-10/06.txt', 'notes\n');
  await assert.rejects(place.run(), isProblem('output', /this slot exists/));
  await assert.rejects(place.run(state), isProblem('state', /the state knows nothing of it/));
  fs.rmSync(place.path('out'), { recursive: true });
  fs.mkdirSync(place.path('out'));
  fs.mkdirSync(place.path('elsewhere'));
  fs.symlinkSync(place.path('elsewhere'), place.path('out/2024-03-10'));
  await assert.rejects(
    place.run({ replaceSlots: true }),
    isProblem('output', /a symbolic link on its way leads out of/),
  );
  fs.rmSync(place.path('out/2024-03-10'));
  fs.mkdirSync(place.path('out/2024-03-10'));
  fs.symlinkSync(place.path('a.log'), place.path('out/2024-03-10/06.txt'));
  await assert.rejects(place.run({ replaceSlots: true }), isProblem('output', /is a symbolic link/));
  fs.rmSync(place.path('out'), { recursive: true });
  fs.mkdirSync(place.path('out'));
  fs.symlinkSync(place.path('elsewhere'), place.path('out/_tsalign'));
  await assert.rejects(place.run(), isProblem('output', /leads out of/));
  assert.deepEqual(fs.readdirSync(place.path('elsewhere')), []);
});

test('slots are no sources of their own run', async () => {
  place.write('logs/a.log', line(0, 'a'));
  const asked = { sources: ['.'], recursive: true, output: '%F-%H.txt', replaceSlots: true };
  await place.run(asked);
  const first = place.read('2024-03-10-06.txt');
  const { warnings } = await place.run(asked);
  assert.match(
    warnings.map(({ where, what }) => `${where} ${what}`).join(),
    /2024-03-10-06.txt is written by this run/,
  );
  assert.equal(place.read('2024-03-10-06.txt'), first);
});

test('two runs do not write the same slots at once; another kind of slots wants another folder', async () => {
  place.write('a.log', line(0, 'a'));
  place.write('out/_tsalign/slots.lock', JSON.stringify({ pid: 1, start: '', host: 'elsewhere' }));
  await assert.rejects(place.run(), isProblem('locked', /process 1 on elsewhere/));
  fs.rmSync(place.path('out/_tsalign/slots.lock'));
  await place.run();
  await assert.rejects(
    place.run({ splitBy: 'day', output: 'out/%F.txt' }),
    isProblem('output', /slots of another kind: names %F\/%H\.txt, where this run has %F\.txt/),
  );
  assert.deepEqual(ours(), ['out/_tsalign/manifest.json']);
});

for (const outputFormat of ['text', 'raw', 'ndjson', 'csv', 'tsv'] as const) {
  for (const ending of ['', '.gz']) {
    test(`what later runs bring is merged with a slot: ${outputFormat}${ending}`, async () => {
      const asked = { outputFormat, sources: ['*.csv'], output: `out/%F/%H${ending}`, noDedup: true };
      const row = (second: number, text: string) => `${line(second, '').trim()},${text}\n`;
      const steps: Record<string, string>[] = [
        { 'a.csv': `ts,msg\n${row(0, 'a0')}${row(10, '"a\n1"')}`, 'b.csv': `ts,msg\n${row(10, 'b1')}` },
        { 'a.csv': row(10, 'a2') + row(3600, 'a3'), 'b.csv': row(3600, 'b3') },
        { 'a.csv': row(5, 'late') + row(3600, 'a4'), 'b.csv': row(10, 'b1') },
      ];
      for (const step of steps) {
        for (const [name, text] of Object.entries(step)) place.append(name, text);
        await place.run({ ...asked, ...state });
      }
      assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
      await place.run({ ...asked, output: `full/%F/%H${ending}` });
      assert.deepEqual(slots(), slots('full'));
      assert.equal(manifest().slots[0].records, 6);
    });
  }
}

test('slots of many blocks: what comes between is put between, and compressed bytes do not tell of the runs', async () => {
  const rows = (from: number, to: number, step: number, text: string) => {
    let all = '';
    for (let i = from; i < to; i += step) all += line(i / 100, `${text} ${i} ${'x'.repeat(i % 97)}`);
    return all;
  };
  const asked = { output: 'out/%F.gz', splitBy: 'day' };
  place.write('a.log', rows(0, 40_000, 2, 'a'));
  place.write('b.log', rows(0, 200, 2, 'b'));
  await place.run({ ...asked, ...state });
  place.append('a.log', rows(40_000, 60_000, 2, 'a'));
  place.append('b.log', rows(30_001, 60_000, 2, 'b'));
  await place.run({ ...asked, ...state });
  await place.run({ ...asked, output: 'full/%F.gz' });
  const [name] = Object.keys(slots());
  assert.ok(fs.readFileSync(place.path(`out/${name}`)).equals(fs.readFileSync(place.path(`full/${name}`))));
  assert.equal(
    gunzipSync(fs.readFileSync(place.path(`out/${name}`)))
      .toString()
      .split('\n').length,
    45_101,
  );
  const { records, trouble } = await verifySlots('out', place.folder);
  assert.deepEqual([records, trouble], [45_100, []]);
});

test('a file that is older than others of its label keeps its place', async () => {
  const asked = { ...state, label: ['*=app'], noDedup: true };
  place.write('a.log', line(0, 'a0'));
  place.write('b.log', line(1, 'b1'));
  await place.run(asked);
  place.append('a.log', line(1, 'a1'));
  await place.run(asked);
  await place.run({ label: ['*=app'], noDedup: true, output: 'full/%F/%H.txt' });
  assert.deepEqual(slots(), slots('full'));
});

test('what a state does not know of is not added to', async () => {
  place.write('a.log', line(0, 'a'));
  await place.run(state);
  const before = slots();
  place.append('a.log', line(1, 'b'));
  await assert.rejects(
    place.run({ state: 'other' }),
    isProblem('state', /the state knows nothing of it; --replace-slots/),
  );
  await assert.rejects(place.run({ replaceSlots: true }), isProblem('output', /is written by runs with a state/));
  fs.appendFileSync(place.path('out/2024-03-10/06.txt'), 'more\n');
  await assert.rejects(place.run(state), isProblem('state', /no longer holds what earlier runs wrote/));
  fs.writeFileSync(place.path('out/2024-03-10/06.txt'), before['2024-03-10/06.txt']);
  const index = place.path('out/_tsalign/index/2024-03-10/06.txt.index');
  const bytes = fs.readFileSync(index);
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes);
    damaged[at] = damaged[at] ^ 1;
    fs.writeFileSync(index, damaged);
    await assert.rejects(place.run(state), isProblem('state', /no longer holds what earlier runs wrote/), `byte ${at}`);
  }
  fs.writeFileSync(index, bytes);
  await place.run(state);
  assert.equal(manifest().slots[0].records, 2);
});

test('with a state, --replace-slots takes all from the beginning', async () => {
  place.write('a.log', line(0, 'a') + line(3600, 'b'));
  await place.run(state);
  place.write('a.log', line(3600, 'b') + line(3601, 'c'));
  const { warnings } = await place.run({ ...state, replaceSlots: true });
  assert.match(warnings.map(({ what }) => what).join(), /07.txt 2 records \(before: 1\); no record fell into 1 slot/);
  place.append('a.log', line(3599, 'late') + line(3602, 'd'));
  await place.run(state);
  assert.equal(slots()['2024-03-10/06.txt']?.match(/ (a|late)$/gm)?.length, 2);
  assert.equal(slots()['2024-03-10/07.txt']?.match(/ [bcd]$/gm)?.length, 3);
  assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
});

test('a slot that was taken away is begun anew', async () => {
  place.write('a.log', line(0, 'a'));
  await place.run(state);
  fs.rmSync(place.path('out/2024-03-10/06.txt'));
  place.append('a.log', line(1, 'b'));
  const { warnings } = await place.run(state);
  assert.match(warnings.map(({ what, hint }) => `${what} ${hint}`).join(), /is not there any more begun anew/);
  assert.equal(manifest().slots[0].records, 1);
});

test('the repeated hour is one slot', async () => {
  place.write('a.log', '2024-11-03T05:30:00Z a\n2024-11-03T06:30:00Z b\n2024-11-03T07:00:00Z c\n');
  await place.run({ outputTz: 'America/New_York' });
  assert.deepEqual(Object.keys(slots()), ['2024-11-03/01.txt', '2024-11-03/02.txt']);
  assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
});

test('verify says what is not as it was written', async () => {
  place.write('a.log', line(0, 'a') + line(3600, 'b') + line(7200, 'c') + line(10_800, 'd'));
  await place.run({ outputFormat: 'ndjson' });
  const at = (hour: string) => place.path(`out/2024-03-10/${hour}.txt`);
  fs.rmSync(at('06'));
  fs.appendFileSync(at('07'), '\n');
  fs.writeFileSync(at('08'), place.read('out/2024-03-10/08.txt').replace('c', 'C'));
  fs.copyFileSync(at('09'), at('10'));
  const { trouble } = await verifySlots('out', place.folder);
  assert.deepEqual(
    trouble.map(({ slot, what }) => `${slot}: ${what}`),
    [
      '2024-03-10/06.txt: is missing',
      '2024-03-10/07.txt: has 93 bytes where 92 were written',
      '2024-03-10/08.txt: does not hold what was written: its hash differs',
      '2024-03-10/10.txt: is not in the manifest',
    ],
  );
  await assert.rejects(verifySlots('.', place.folder), isProblem('no-source', /holds no manifest/));
  fs.writeFileSync(
    place.path('out/_tsalign/manifest.json'),
    '{"manifest":1,"sources":[],"slots":[{"slot":"../a.log"}]}',
  );
  await assert.rejects(verifySlots('out', place.folder), isProblem('output', /is no manifest/));
});

test('memory does not grow with the number of slots', async () => {
  let text = '';
  for (let i = 0; i < 3000; i++) text += line(i * 60, `record ${i}`);
  place.write('a.log', text);
  const { result } = await place.run({ splitBy: 'minute', output: 'out/%F/%H%M' });
  assert.equal(slotsDone(result.report).changes.length, 3000);
  assert.deepEqual((await verifySlots('out', place.folder)).trouble, []);
});
