import { cryptoModule } from './builtins.ts';

/** By which bytes are known again: how many they are, and their hash. */
export interface Fingerprint {
  length: number;
  hash: string;
}

/** Bytes at the ends of what was read or written by which it is known again. */
export const FINGERPRINT_BYTES = 1024;

export function fingerprintOf(bytes: Uint8Array): Fingerprint {
  return { length: bytes.length, hash: cryptoModule().createHash('sha256').update(bytes).digest('hex') };
}

export const hasFingerprint = (bytes: Uint8Array, { length, hash }: Fingerprint): boolean =>
  bytes.length === length && fingerprintOf(bytes).hash === hash;
