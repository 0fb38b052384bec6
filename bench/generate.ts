/**
 * Makes log files of a wanted size: the same bytes for the same shape, on every machine.
 * Every record has an instant of its own, and ISO stamps of one width stand at the same place of every line, so that
 * ordering the lines by their bytes (GNU sort) and by their instants gives the same.
 *
 *   node --import tsx bench/generate.ts --dir DIR [--bytes 512MiB] [--format iso] [--order sorted] [--sources 4] [--seed 1] [--mean 150]
 */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseSize } from '../src/core/sizes.ts';
import { type Draft, LAYOUTS, type Layout, MEAN_LENGTH, type Pen, roomOf, writeRecord } from './layouts.ts';
import { makePool, type Random, xorshift } from './words.ts';

export type DataFormat = keyof typeof LAYOUTS;
export type DataOrder = keyof typeof ORDERS;

export interface DataShape {
  format: DataFormat;
  order: DataOrder;
  sources: number;
  /** Bytes of all sources together, met within a few percent. */
  bytes: number;
  seed: number;
  /** Mean bytes of a record, newline included; 150 if left out. */
  mean?: number;
}

export interface GeneratedData {
  files: string[];
  records: number;
  bytes: number;
}

/** Mean milliseconds from one record to the next: 512 MiB are a day. */
const STEP = 25;
const FIRST = Date.UTC(2024, 2, 10, 7);
/** What all sources together collect before they are written, and one of them at most. */
const COLLECTED = { all: 64 << 20, each: 1 << 20 };
/** How many neighbours change places in nearly sorted data: they come up to 2 s late. */
const NEIGHBOURS = 80;

/** Indexes of the records in the order in which they are written. */
const ORDERS = {
  sorted: (count: number) => Uint32Array.from({ length: count }, (_, i) => i),
  jitter(count: number, random: Random) {
    const indexes = ORDERS.sorted(count);
    for (let at = 0; at < count; at += NEIGHBOURS) shuffle(indexes.subarray(at, at + NEIGHBOURS), random);
    return indexes;
  },
  shuffled(count: number, random: Random) {
    const indexes = ORDERS.sorted(count);
    shuffle(indexes, random);
    return indexes;
  },
};

/** Fisher–Yates. */
function shuffle(indexes: Uint32Array, random: Random): void {
  for (let i = indexes.length - 1; i > 0; i--) {
    const j = random() % (i + 1);
    const kept = indexes[i];
    indexes[i] = indexes[j];
    indexes[j] = kept;
  }
}

/** One source and the bytes that wait for it. Opened only to be written: there may be more sources than descriptors. */
class SourceFile {
  readonly path: string;
  readonly pen: Pen;
  size = 0;

  constructor(path: string, header: string, region: number) {
    this.path = path;
    this.pen = { buffer: Buffer.allocUnsafe(region), at: 0 };
    this.pen.at = this.pen.buffer.write(header);
    writeFileSync(path, '');
  }

  flush(): void {
    const { buffer, at } = this.pen;
    appendFileSync(this.path, buffer.subarray(0, at));
    this.size += at;
    this.pen.at = 0;
  }
}

/** Writes sources of this shape into the folder, which is made. */
export function generate(shape: DataShape, folder: string): GeneratedData {
  mkdirSync(folder, { recursive: true });
  const layout: Layout = LAYOUTS[shape.format];
  const random = xorshift(shape.seed);
  const { mean = MEAN_LENGTH } = shape;
  const draft: Draft = { index: 0, instant: 0, layout, pool: makePool(random), random, mean };
  const room = roomOf(mean);
  const region = Math.max(4 * room, Math.min(COLLECTED.each, Math.floor(COLLECTED.all / shape.sources)));
  const indexes = ORDERS[shape.order](Math.max(1, Math.round(shape.bytes / mean)), random);
  const sources = Array.from(
    { length: shape.sources },
    (_, i) => new SourceFile(join(folder, `source-${i + 1}.${layout.extension}`), layout.header, region),
  );
  for (const index of indexes) {
    const source = sources[random() % sources.length];
    if (source.pen.at + room > region) source.flush();
    draft.index = index;
    draft.instant = FIRST + index * STEP + (random() % STEP);
    writeRecord(draft, source.pen);
  }
  for (const source of sources) source.flush();
  return {
    files: sources.map(({ path }) => path),
    records: indexes.length,
    bytes: sources.reduce((sum, { size }) => sum + size, 0),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      bytes: { type: 'string', default: '512MiB' },
      format: { type: 'string', default: 'iso' },
      order: { type: 'string', default: 'sorted' },
      sources: { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      mean: { type: 'string', default: String(MEAN_LENGTH) },
    },
  });
  const { format, order } = values;
  if (values.dir === undefined || !(format in LAYOUTS) || !(order in ORDERS)) {
    throw new Error(`give --dir; --format is one of ${Object.keys(LAYOUTS)}, --order one of ${Object.keys(ORDERS)}`);
  }
  const shape: DataShape = {
    format: format as DataFormat,
    order: order as DataOrder,
    sources: Number(values.sources),
    bytes: parseSize(values.bytes, '--bytes', 1),
    seed: Number(values.seed),
    mean: Number(values.mean),
  };
  const begun = performance.now();
  const { files, records, bytes } = generate(shape, values.dir);
  const speed = bytes / 1000 / (performance.now() - begun);
  console.error(`${records} records, ${bytes} bytes, ${speed.toFixed(0)} MB/s`);
  console.log(files.join('\n'));
}
