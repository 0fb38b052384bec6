import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fingerprintOf } from '../../src/core/fingerprint.ts';
import { newFollowed, newPart, readEntryOf } from '../../src/live/followed.ts';
import { findShortCopy } from '../../src/plan/copies.ts';
import { type FileTail, openSource, type SourcePath } from '../../src/source/index.ts';

const LINE = '2024-03-10T06:59:58Z a line of a log that is copied and cut\n';

test('the copy of a log that came back and was cut is its copy, however late it is looked for', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tsalign-copy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'app.log');
  writeFileSync(file, LINE.repeat(40));
  const path: SourcePath = { path: file, file, origin: 'named' };
  const open = await openSource(path, { label: 'app.log', stdin: 0 });
  const whole = open.text?.follow?.(LINE.length * 40) as FileTail;
  const known = {
    ...{ id: 1, label: 'app.log', path: file, file, ...whole.identity, ...whole.stored, plain: true },
    ...{ offset: whole.offset, lines: 40, last: undefined, dating: undefined, framing: undefined },
    ...{ head: fingerprintOf(whole.head), before: fingerprintOf(whole.last) },
  };
  // What is written between copying and cutting is in no copy.
  copyFileSync(file, `${file}.1`);
  truncateSync(`${file}.1`, LINE.length * 39);
  truncateSync(file, 0);
  appendFileSync(file, LINE);
  const later = Date.now() / 1000 + 60;
  utimesSync(file, later, later);
  const part = newPart(whole.again(whole.offset), file, 1, known);
  const entry = readEntryOf(part, newFollowed(path, 'app.log'));
  const openPath = (each: SourcePath) => openSource(each, { label: 'app.log', stdin: 0 });
  const short = await findShortCopy(entry, openPath);
  assert.equal(short?.file, `${file}.1`);
  assert.equal(short.offset, LINE.length * 39);
  part.tail.close();
  open.close();
});
