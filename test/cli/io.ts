import type { CliIo } from '../../src/cli/io.ts';
import type { MergeRequest, MergeResult, RunIo } from '../../src/request.ts';
import { verifySlots } from '../../src/slots.ts';
import { forgetState, showState } from '../../src/stored.ts';

/** A world made of arrays: what main wrote lies in `out` and `err`; `time` is moved by hand. */
export interface TestIo extends CliIo {
  out: string;
  err: string;
  time: bigint;
  abort: AbortController;
}

export function testIo(changes: Partial<CliIo> = {}): TestIo {
  const abort = new AbortController();
  const io: TestIo = {
    cwd: '/nowhere',
    env: {},
    stdin: 0,
    stdout: 1,
    stdinIsSource: false,
    stdoutIsTerminal: false,
    stdoutIsPipe: false,
    stderrIsTerminal: false,
    columns: () => 80,
    now: () => io.time,
    signal: abort.signal,
    out: '',
    err: '',
    time: 0n,
    abort,
    writeOut: (text) => {
      io.out += text;
    },
    writeError: (text) => {
      io.err += text;
    },
    ...changes,
  };
  return io;
}

export const RESULT: MergeResult = {
  setAside: false,
  closedPipe: false,
  summary: { sources: 1, records: 3, written: 2, duplicates: 1, rejected: 0, outside: 0, unmatched: 0, overLimit: 0 },
  plan: 'the plan\n',
  report: { records: 3 },
};

const notAskedFor = async (): Promise<never> => {
  throw new Error('not asked for');
};

/** A library that remembers what it was asked and does what it is told. */
export function fakeLibrary(run: (request: MergeRequest, io: RunIo) => Partial<MergeResult> | undefined = () => ({})) {
  const requests: MergeRequest[] = [];
  return {
    requests,
    async runMerge(request: MergeRequest, io: RunIo): Promise<MergeResult> {
      requests.push(request);
      return { ...RESULT, ...run(request, io) };
    },
    listFormats: notAskedFor,
    readLine: notAskedFor,
    readFirstLine: notAskedFor,
    runInspect: notAskedFor,
    showState,
    forgetState,
    verifySlots,
  };
}
