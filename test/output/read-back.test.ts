import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBack } from '../../src/output/index.ts';

/** What is read in a text, cut into pieces of every length. */
function readEach(format: string, text: string): { records: number | undefined; disorder: number | undefined }[] {
  return [1, 2, 7, 64, 1000].map((length) => {
    const read = readBack(format);
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length; from += length) read.take(bytes.subarray(from, from + length));
    return { records: read.records, disorder: read.disorder };
  });
}

const isRead = (format: string, text: string, records: number | undefined, disorder: number | undefined) => {
  for (const found of readEach(format, text)) assert.deepEqual(found, { records, disorder }, format);
};

test('records and their order are read again, however the text comes', () => {
  const a = '2024-03-10T06:00:00.000Z';
  const b = '2024-03-10T06:00:00.000001Z';
  const c = '2024-03-10T07:00:00.000+01:00';
  isRead('ndjson', `{"time":"${a}","m":1}\n{"time":"${b}"}\n{"time":null}\n`, 3, undefined);
  isRead('ndjson', `{"time":"${b}"}\n{"time":null}\n{"time":"${a}"}\n{"time":"${b}"}\n`, 4, 3);
  isRead('ndjson', `{"time":"${a}"}\n{"time":"${c}"}\n`, 2, undefined);
  isRead('csv', `time,m\n${a},"x\n""\ny"\n,undated\n${b},z\n`, 3, undefined);
  isRead('tsv', `time\tm\n${b}\t"x\n1"\n${a}\tz\n`, 2, 4);
  isRead('text', `${a} a.log | x\n${a} a.log + y\n${b} b.log | z\n`, undefined, undefined);
  isRead('text', `${b} a.log | ${'x'.repeat(3000)}\n${a} b.log | z\n`, undefined, 2);
  isRead('raw', `${b}\n${a}\n`, undefined, undefined);
});
