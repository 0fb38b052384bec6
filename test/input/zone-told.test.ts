import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zoneInValues } from '../../src/input/zone-told.ts';

const zoneOf = (text: string) => zoneInValues('tz', [Buffer.from(text)])?.zone;

test('a number is the hours, minutes or seconds from UTC that a zone can have', () => {
  const cases = [
    ['-5', 'UTC-5:00'],
    ['5.75', 'UTC+5:45'],
    ['330', 'UTC+5:30'],
    ['-18000', 'UTC-5:00'],
    ['0', 'UTC+0:00'],
  ];
  for (const [text, zone] of cases) assert.equal(zoneOf(text as string), zone, text);
});

test('other numbers are none, and hours and minutes of two digits each are not counted as minutes', () => {
  for (const text of ['30', '900', '1000', '0300', '-0300', '+0630', 'Europe/Berlin']) assert.equal(zoneOf(text), text);
});
