/** What of WebAssembly the codecs use; the types of Node 20 do not have it. */
export interface WasmMemory {
  /** Another one after the memory has grown. */
  readonly buffer: ArrayBuffer;
}

/** A compiled module; only to be handed on. */
export type WasmModule = object;

interface WebAssemblyParts {
  Instance: new (module: WasmModule, imports: object) => { exports: object };
}

const { Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyParts }).WebAssembly;

/** Makes an instance with a memory of its own. Returns its exports. */
export const instantiate = (module: WasmModule, imports: object): object => new Instance(module, imports).exports;
