import { type ReadyFormat, readyFormats, type StampSettings } from './plan.ts';
import type { Standing } from './time-format.ts';

/** Formats in the order in which they are tried, by the byte with which a stamp begins: most bytes begin none. */
export interface FormatIndex {
  /** The formats that may read a stamp that begins with this byte. */
  at(byte: number | undefined): readonly ReadyFormat[];
}

const NONE: readonly ReadyFormat[] = [];

/** @param local whether names of months may be of any language. */
export function indexFormats(formats: readonly ReadyFormat[], local: boolean): FormatIndex {
  const lists: (readonly ReadyFormat[] | undefined)[] = [];
  return {
    at(byte) {
      if (byte === undefined) return NONE;
      lists[byte] ??= formats.filter(({ program }) => (local ? program.firstOfAny : program.first)[byte] === 1);
      return lists[byte];
    },
  };
}

/** What is asked of the table. */
export interface Wanted {
  settings: StampSettings;
  standing: Standing;
  /** Formats of the other order of day and month are left out, unless the user named one. */
  order: 'dmy' | 'mdy' | 'any';
  /** Only those that read this order, not those that read any. */
  ordered: boolean;
  local: boolean;
}

/** Indexes of the table's own formats: the same for every source. */
const known = new Map<string, FormatIndex>();

/** @throws TsalignError usage, where `settings.timeFormat` is no format. */
export function formatIndex({ settings, standing, order, ordered, local }: Wanted): FormatIndex {
  const { timeFormat, formats } = settings;
  const make = () => {
    const inOrder = ({ format }: ReadyFormat) =>
      format.order === order ||
      (!ordered && (format.order === undefined || order === 'any' || timeFormat !== undefined));
    return indexFormats(readyFormats(timeFormat, standing, formats).filter(inOrder), local);
  };
  if (timeFormat !== undefined || formats !== undefined) return make();
  const key = `${standing} ${order} ${ordered} ${local}`;
  const index = known.get(key) ?? make();
  known.set(key, index);
  return index;
}
