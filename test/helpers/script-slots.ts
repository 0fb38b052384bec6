import fs from 'node:fs';
import type { MergeRequest } from '../../src/request.ts';
import { type Script, SOURCES } from './scripts.ts';
import { BEGIN_MS, type LogFolder } from './simulation.ts';

/** Slots of five seconds of the logs of a script. */
export const SCRIPT_SLOTS: Partial<MergeRequest> = {
  sources: SOURCES,
  splitBy: '5s',
  output: 'out/%F.%H%M%S',
  outputFormat: 'raw',
};

/** What they hold when all lines of the script are in their places, by name. */
export function slotsOfScript({ lines }: Script): Record<string, string> {
  const slots = new Map<number, string>();
  for (const { instant, text } of lines.toSorted((a, b) => a.instant - b.instant)) {
    const begin = Math.floor(instant / 5000) * 5000;
    slots.set(begin, (slots.get(begin) ?? '') + text);
  }
  const named = [...slots].map(([begin, text]) => {
    const name = new Date(BEGIN_MS + begin).toISOString().slice(0, 19).replace('T', '.').replaceAll(':', '');
    return [name, text] as const;
  });
  return Object.fromEntries(named.sort());
}

/** What lies in the folder of slots, by name. */
export const slotFiles = (place: LogFolder): Record<string, string> =>
  Object.fromEntries(
    fs
      .readdirSync(place.path('out'))
      .filter((name) => name !== '_tsalign')
      .sort()
      .map((name) => [name, place.read(`out/${name}`)]),
  );
