import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { rmSync } from '../core/disk.ts';
import { TsalignError } from '../core/problem.ts';
import { fileSink, putInPlace } from '../output/index.ts';
import type { Plan } from '../plan.ts';
import type { LockRule, MergeRequest, RunIo } from '../request.ts';
import {
  type AppendedState,
  emptyState,
  type Lock,
  loadState,
  lockHolder,
  type SourceState,
  type StateDocument,
  stateText,
  tryLock,
} from '../state/index.ts';

/** One run's hold of a state: nobody else has it meanwhile. */
export interface Session {
  readonly document: StateDocument;
  /** Whether the run before it was killed: what it had written is then still in its outputs. */
  readonly followsDead: boolean;
  /**
   * Says that there is a state, before the output is touched: what an output holds that no state knows of is not ours.
   * @param plan its sources are known from then on
   */
  begin(outputs: Record<string, AppendedState>, plan: Plan): void;
  /** Says that the output may hold more than the state tells, so that the state must stay. */
  keep(): void;
  /** Replaces the state, durably. */
  save(document: StateDocument): void;
  /** Gives the state back; one that was begun and never saved is gone. */
  close(): void;
}

const POLL_MS = 100;

/**
 * Opens the state of a run and completes what the last one may not have.
 * @throws TsalignError 'locked' where another run has it; 'state' where it cannot be used
 */
export async function openSession(request: MergeRequest, io: RunIo): Promise<Session> {
  const file = resolve(io.cwd, request.state as string);
  if (request.explain || request.dryRun) return lookAt(file);
  const lock = await takeLock(`${file}.lock`, request.lock ?? 'fail', io.signal);
  try {
    return new StateSession(file, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

const lookAt = (file: string): Session => ({
  document: loadState(file) ?? emptyState(''),
  followsDead: false,
  begin() {},
  keep() {},
  save() {},
  close() {},
});

/** @throws TsalignError 'locked'; the signal's reason, while it waits */
export async function takeLock(file: string, rule: LockRule, signal: AbortSignal): Promise<Lock> {
  for (;;) {
    const lock = tryLock(file);
    if (lock !== undefined) return lock;
    if (rule !== 'wait') {
      const what = `${lockHolder(file)} is at work on it`;
      throw new TsalignError({ code: 'locked', where: file, what, hint: '--lock wait waits for it' });
    }
    signal.throwIfAborted();
    await sleep(POLL_MS);
  }
}

/**
 * What a state knows of the sources before anything is taken: in its first run that they are there, so that what rotation
 * makes of them is found should that run not get to its end.
 */
function sourcesBefore({ kept, sources }: Plan): SourceState[] {
  if (kept === undefined || kept.document.settings !== undefined) return kept?.document.sources ?? [];
  return [...kept.seen, ...sources.flatMap(({ taking: { entry } }) => entry ?? [])];
}

class StateSession implements Session {
  readonly document: StateDocument;
  readonly followsDead: boolean;
  readonly #file: string;
  readonly #lock: Lock;
  #existed: boolean;
  #begun = false;
  /** Whether nothing is left in the outputs of what a run that was killed had written. */
  #isCutBack = false;

  constructor(file: string, lock: Lock) {
    const found = loadState(file);
    this.#file = file;
    this.#lock = lock;
    this.followsDead = lock.isTakenOver;
    this.#existed = found !== undefined;
    this.document = found ?? emptyState(globalThis.crypto.randomUUID());
    this.#complete();
  }

  begin(outputs: Record<string, AppendedState>, plan: Plan): void {
    this.#isCutBack = true;
    const isKnown = JSON.stringify(outputs) === JSON.stringify(this.document.outputs);
    if (isKnown && (this.#existed || this.#begun)) return;
    this.document.outputs = outputs;
    this.#begun = true;
    const sources = sourcesBefore(plan);
    const nextId = Math.max(this.document.nextId, ...sources.map(({ id }) => id + 1));
    this.#write({ ...this.document, sources, nextId });
  }

  keep(): void {
    this.#existed = true;
  }

  save(document: StateDocument): void {
    this.#write(document);
    Object.assign(this.document, document);
    this.#complete();
  }

  close(): void {
    try {
      if (this.#begun && !this.#existed) rmSync(this.#file, { force: true });
    } finally {
      if (this.#isCutBack) this.#lock.release();
      else this.#lock.putBack();
    }
  }

  /** Puts the files into their places that the state says are complete. */
  #complete(): void {
    const { pending } = this.document;
    if (pending.length === 0) return;
    putInPlace(pending);
    this.document.pending = [];
    this.#write(this.document);
  }

  #write(document: StateDocument): void {
    const sink = fileSink(this.#file);
    try {
      sink.write(Buffer.from(stateText(document)));
      sink.commit();
    } catch (error) {
      sink.abort();
      throw error;
    }
  }
}
