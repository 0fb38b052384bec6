import assert from 'node:assert/strict';
import fs from 'node:fs';
import { test } from 'node:test';
import { TsalignError } from '../../src/core/problem.ts';
import { loadState } from '../../src/state/index.ts';
import { line, makePlace } from '../helpers/unattended.ts';

/** Every place in a value that holds something, as the names that lead to it. */
function placesIn(value: unknown, path: string[] = []): string[][] {
  const here = path.length === 0 ? [] : [path];
  if (typeof value !== 'object' || value === null) return here;
  return [...here, ...Object.entries(value).flatMap(([name, inner]) => placesIn(inner, [...path, name]))];
}

function replaced(document: unknown, path: readonly string[], by: unknown): unknown {
  const copy = structuredClone(document) as Record<string, unknown>;
  const holder = path.slice(0, -1).reduce((at, name) => at[name] as Record<string, unknown>, copy);
  holder[path.at(-1) as string] = by;
  return copy;
}

/** What another run, or nobody, looks into. */
const FREE = ['dating', 'framing', 'settings'];

/** What may be missing. */
const OPTIONAL = ['last', 'dating', 'framing', 'settings', 'header'];

test('a damaged field is a sentence, not a crash', async () => {
  const place = makePlace();
  try {
    place.write('app.log', line(0, 'a') + line(1, 'b'));
    await place.run();
    const document = JSON.parse(place.read('state'));
    const file = place.path('state');
    assert.ok(loadState(file) !== undefined);
    const places = placesIn(document).filter((path) => !path.slice(0, -1).some((name) => FREE.includes(name)));
    assert.ok(places.length > 25);
    for (const path of places) {
      for (const wrong of [undefined, -1.5, {}, [[]]]) {
        const isFine = wrong === undefined && (OPTIONAL.includes(path.at(-1) as string) || path.at(-2) === 'outputs');
        fs.writeFileSync(file, JSON.stringify(replaced(document, path, wrong)));
        const load = () => loadState(file);
        if (isFine || (FREE.includes(path.at(-1) as string) && JSON.stringify(wrong) === '{}')) load();
        else if (JSON.stringify(wrong) === '{}' && path.join() === 'outputs') load();
        else
          assert.throws(
            load,
            (error) => error instanceof TsalignError && error.problem.code === 'state',
            `${path} ${JSON.stringify(wrong)}`,
          );
      }
    }
  } finally {
    place.remove();
  }
});
