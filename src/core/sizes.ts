import { TsalignError } from './problem.ts';

/** As GNU sort and dd count: K, KiB are 1024; KB is 1000. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  kib: 2 ** 10,
  kb: 1e3,
  m: 2 ** 20,
  mib: 2 ** 20,
  mb: 1e6,
  g: 2 ** 30,
  gib: 2 ** 30,
  gb: 1e9,
};

/**
 * Bytes of a size as people type it: `1048576`, `64M`, `256MiB`, `1.5G`.
 * @throws TsalignError 'usage' where it is none, or is below `minimum`
 */
export function parseSize(text: string, option: string, minimum: number): number {
  const [, digits, unit] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? '?'];
  if (digits === undefined || factor === undefined) {
    throw new TsalignError({
      code: 'usage',
      where: option,
      what: `"${text}" is not a size`,
      hint: 'write it like 256MiB, 64M or 1G',
    });
  }
  const bytes = Math.floor(Number(digits) * factor);
  if (bytes < minimum) {
    const hint = `give at least ${formatSize(minimum)}`;
    throw new TsalignError({ code: 'usage', where: option, what: `${text} is too little to work in`, hint });
  }
  return bytes;
}

/** A size for people, in powers of 1024: `512 B`, `1.4 GiB`, `16 MiB`. */
export function formatSize(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let index = 0;
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024;
    index++;
  }
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0;
  return `${value.toFixed(digits)} ${units[index]}`;
}
