import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MergeRequest } from '../../src/request.ts';
import { makePlace } from '../helpers/unattended.ts';

const asked = { sources: ['*.csv'], output: 'out', outputFormat: 'raw' } as unknown as Partial<MergeRequest>;
const row = '2024-03-10T06:00:00Z';

/** Tables that are written as they were, and what is said of them. */
const TABLES: [name: string, other: string, said: RegExp][] = [
  ['the same header', `ts,msg\n${row},b\n`, /^$/],
  ['other columns', `ts,level,msg\n${row},info,b\n`, /header is not that of a\.csv/],
  ['another delimiter', `ts;msg\n${row};b\n`, /header is not that of a\.csv/],
];

for (const [name, other, said] of TABLES) {
  test(`raw output of two tables: ${name}`, async () => {
    const place = makePlace(asked);
    try {
      place.write('a.csv', `ts,msg\n${row},a\n`);
      place.write('b.csv', other);
      const { warnings } = await place.run();
      assert.match(warnings.map(({ what }) => what).join(), said);
    } finally {
      place.remove();
    }
  });
}

/** Tables of days, and what is said of the hours in a column of their own. */
const DAYS: [header: string, row: string, said: RegExp][] = [
  ['Date,Hour,Load', '2024-03-10,9,5', /without the column "Hour"/],
  ['Date,Hour,Load', '2024-03-10 09:00:00,9,5', /^$/],
  ['Date,Load', '2024-03-10,5', /^$/],
];

for (const [header, row, said] of DAYS) {
  test(`dates without their hours: ${header} ${row}`, async () => {
    const place = makePlace(asked);
    try {
      place.write('a.csv', `${header}\n${row}\n${row}\n`);
      const { warnings } = await place.run();
      assert.match(warnings.map(({ what }) => what).join(), said);
    } finally {
      place.remove();
    }
  });
}
