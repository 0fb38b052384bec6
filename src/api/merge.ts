import { pipeline, Readable } from 'node:stream';
import type { Sink } from '../core/stages.ts';
import { runMerge } from '../pipeline.ts';
import type { MergedRecord, MergeRequest, MergeResult, RunIo } from '../request.ts';
import { callOf, READ_OPTIONS, type ReadOptions, type Said } from './options.ts';
import { BatchQueue } from './queue.ts';
import { listening, type Source } from './sources.ts';

const MERGE_OPTIONS = [
  ...READ_OPTIONS,
  'keepGoing',
  'match',
  'limit',
  'presorted',
  'threads',
  'dedup',
  'noDedup',
  'dedupWindow',
  'undated',
] as const satisfies readonly (keyof MergeRequest)[];

const FOLLOW_OPTIONS = [
  ...MERGE_OPTIONS,
  'from',
  'watermarkDelay',
  'idleTimeout',
  'late',
] as const satisfies readonly (keyof MergeRequest)[];

/** Options of `tsalign merge` that say which records come, in which order. */
export interface MergeOptions extends ReadOptions, Said<(typeof MERGE_OPTIONS)[number]> {
  /** Whether records have `fields`. Parsing them costs 2 to 20 µs a record. */
  fields?: boolean;
}

/** The same for `tsalign merge --follow`. */
export interface FollowOptions extends MergeOptions, Said<(typeof FOLLOW_OPTIONS)[number]> {}

/** Records in order, to be read once: one by one, in batches, or as objects. */
export interface Merge extends AsyncIterable<MergedRecord> {
  /** Arrays of up to some thousand records: a promise for each batch, not for each record. */
  batches(): AsyncIterable<MergedRecord[]>;
  /** What `-O ndjson` writes, as a stream of objects: `{ time, source, ...members }`. Numbers are JavaScript's. */
  objects(): Readable;
  /** Counts and report, when everything was read; rejects with what ended the run. */
  readonly result: Promise<MergeResult>;
}

/** Batches that are made ahead of the reader. */
const AHEAD = 2;
/** Bytes of output on their way to a stream of objects, at most so many pieces of 64 KiB to 256 KiB. */
const AHEAD_BYTES = 4;

/**
 * Merges sources into one stream of records: by instant, then source, then line. Nothing is read before the first
 * record is asked for, and no more than the reader takes.
 * @throws TsalignError while it is iterated: its `problem` has a code, a place and a way out; after an abort, the
 * signal's reason. Leaving the loop early ends all work before the loop's next statement runs.
 * @example
 * for await (const { instant, source, text } of merge(['web.log', 'db.csv'], { tz: 'UTC' })) {
 *   console.log(instant, source, text); // instant: nanoseconds since 1970, a bigint
 * }
 */
export function merge(sources: readonly Source[], options: MergeOptions = {}): Merge {
  return reading(sources, options, { names: MERGE_OPTIONS, follow: false });
}

/**
 * Merges what is there, as `merge` does, and goes on with what is written to the sources, until the signal of the options
 * is aborted, which is no error: what was held then comes, and the loop ends. A record that came late says so.
 * @throws TsalignError while it is iterated, as merge does; the signal's reason where what was there was not merged yet
 * @example
 * for await (const { source, text } of follow(['web.log', 'svc-*.log'], { watermarkDelay: '2s', signal })) {
 *   console.log(source, text);
 * }
 */
export function follow(sources: readonly Source[], options: FollowOptions = {}): Merge {
  return reading(sources, options, { names: FOLLOW_OPTIONS, follow: true });
}

/** How sources are read: which options there are, and whether to the end or for ever. */
interface Kind {
  names: readonly (keyof MergeRequest)[];
  follow: boolean;
}

function reading(given: readonly Source[], options: FollowOptions, kind: Kind): Merge {
  const sources = listening(given);
  const outcome = promiseOf<MergeResult>();
  let isRead = false;
  const once = () => {
    if (isRead) throw new TypeError('it is read once; call again for another');
    isRead = true;
  };
  const batches = () => {
    once();
    const reader = { ahead: AHEAD, left: new AbortController() };
    return readBatches<MergedRecord[]>(sources, options, kind, outcome, reader, (queue) => ({
      receiver: { withFields: options.fields === true, take: (batch) => queue.push(batch) },
    }));
  };
  return {
    batches,
    async *[Symbol.asyncIterator]() {
      for await (const batch of batches()) yield* batch;
    },
    objects() {
      once();
      const left = new AbortController();
      const reader = { ahead: AHEAD_BYTES, left };
      const pieces = readBatches<Uint8Array>(sources, options, kind, outcome, reader, (queue) => ({
        sink: sinkOf(queue),
      }));
      return objectsOf(pieces, left);
    },
    result: outcome.promise,
  };
}

interface Outcome<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: unknown): void;
  /** What a step gives; where it throws, that is the outcome. */
  attempt<R>(step: () => R): R;
}

function promiseOf<T>(): Outcome<T> {
  const outcome = {} as Outcome<T>;
  outcome.promise = new Promise<T>((resolve, reject) => Object.assign(outcome, { resolve, reject }));
  outcome.attempt = (step) => {
    try {
      return step();
    } catch (error) {
      outcome.reject(error);
      throw error;
    }
  };
  outcome.promise.catch(() => {}); // who reads the records hears of it there
  return outcome;
}

/** Who reads batches: how many may be made ahead, and what is aborted where it leaves while it waits for one, of which a generator does not hear. */
interface Reader {
  ahead: number;
  left: AbortController;
}

/** Runs a merge while its batches are asked for. */
async function* readBatches<T>(
  sources: readonly Source[],
  options: FollowOptions,
  { names, follow }: Kind,
  outcome: Outcome<MergeResult>,
  { ahead, left }: Reader,
  takers: (queue: BatchQueue<T>) => Pick<RunIo, 'receiver' | 'sink'>,
): AsyncGenerator<T> {
  const { fields: _fields, ...asked } = options;
  const queue = new BatchQueue<T>(ahead);
  const signal = options.signal === undefined ? left.signal : AbortSignal.any([options.signal, left.signal]);
  const { request, io, close } = outcome.attempt(() => callOf(sources, asked, names, signal));
  request.follow = follow;
  const takes = takers(queue);
  // Objects are made of the bytes that a sink gets.
  if (takes.sink !== undefined) request.outputFormat = 'ndjson';
  signal.addEventListener('abort', () => {
    queue.release();
    void close();
  });
  // A follower that is ended still hands over what it held, to a reader who takes it.
  const isLeft = () => left.signal.aborted || (signal.aborted && !follow);
  const run = runMerge(request, { ...io, ...takes, full: () => (isLeft() ? undefined : queue.full()) });
  const ended = run.then(
    (result) => {
      outcome.resolve(result);
      queue.end();
    },
    (error) => {
      outcome.reject(error);
      queue.end(error);
    },
  );
  try {
    for (let batch = await queue.next(); batch !== undefined; batch = await queue.next()) yield batch;
  } finally {
    left.abort(readerHasLeft());
    await ended;
    await close();
  }
}

const readerHasLeft = (): Error => new Error('the reader has left');

/** Hands written bytes on; they are copied, for the run writes over them. */
const sinkOf = (queue: BatchQueue<Uint8Array>): Sink => ({
  write: (bytes) => queue.push(Uint8Array.from(bytes)),
  commit: () => {},
  abort: () => {},
});

/** A stream that is left ends the run at once, also while the run waits for a source that stays silent. */
function objectsOf(pieces: AsyncGenerator<Uint8Array>, left: AbortController): Readable {
  async function* objects(): AsyncGenerator<unknown> {
    const { default: ndjson } = await import('ndjson');
    // An error reaches the reader through the last stream, and a reader who leaves ends the first.
    yield* pipeline(Readable.from(pieces, { objectMode: false }), ndjson.parse(), () => {}) as AsyncIterable<unknown>;
  }
  const stream = Readable.from(objects());
  const destroy = stream._destroy;
  stream._destroy = (error, done) => {
    left.abort(readerHasLeft());
    destroy.call(stream, error, done);
  };
  return stream;
}
