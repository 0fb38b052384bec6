import { TsalignError } from './problem.ts';

/** What of WebAssembly is used; the types of Node 20 do not have it. */
interface WebAssemblyParts {
  Memory: new (size: { initial: number; maximum: number }) => WasmMemory;
  Module: new (binary: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { exports: object };
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

export const { Memory, Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

const PAGE = 65_536;

/**
 * Memory that never grows, for growing would detach every view of it. The system gives its pages as they are touched.
 * @throws TsalignError 'too-large' where the address space is limited
 */
export function fixedMemory(byteCount: number): WasmMemory {
  const pages = Math.ceil(byteCount / PAGE);
  try {
    return new Memory({ initial: pages, maximum: pages });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TsalignError({
      code: 'too-large',
      where: '--memory',
      what: 'the system does not give so much address space',
      hint: 'raise or remove its limit (ulimit -v): 10 GiB of addresses are set aside, though not used',
    });
  }
}
