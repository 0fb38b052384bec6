import { type ReadyFormat, readyFormats, type StampSettings } from './plan.ts';
import type { DayOrder, Standing } from './time-format.ts';

/** Formats in the order in which they are tried, by the byte with which a stamp begins: most bytes begin none. */
export interface FormatIndex {
  /** The formats that may read a stamp that begins with this byte. */
  at(byte: number | undefined): readonly ReadyFormat[];
}

const NONE: readonly ReadyFormat[] = [];

/** @param local whether names of months may be of any language. */
function indexFormats(formats: readonly ReadyFormat[], local: boolean): FormatIndex {
  const lists: (readonly ReadyFormat[] | undefined)[] = [];
  return {
    at(byte) {
      if (byte === undefined) return NONE;
      lists[byte] ??= formats.filter(
        ({ beginnings }) => (local ? beginnings.firstOfAny : beginnings.first)[byte] === 1,
      );
      return lists[byte];
    },
  };
}

/**
 * Which rows: `firm` all that chance does not make too, in the asked order or in none; `ordered` of these only the rows
 * that have the asked order; `doubtful` those that chance makes too.
 */
export type FormatRows = 'firm' | 'ordered' | 'doubtful';

/** What is asked of the table. */
export interface Wanted {
  settings: StampSettings;
  standing: Standing;
  /** Formats of the other order of day and month are left out, unless the user named one. */
  order: DayOrder | 'any';
  rows: FormatRows;
  local: boolean;
}

/** Indexes of the table's own formats: the same for every source. */
const known = new Map<string, FormatIndex>();

/** @throws TsalignError usage, where `settings.timeFormat` is no format. */
export function formatIndex({ settings, standing, order, rows, local }: Wanted): FormatIndex {
  const { timeFormat, formats } = settings;
  const make = () => {
    const inOrder = ({ format }: ReadyFormat) => {
      if (timeFormat !== undefined) return rows === 'firm';
      if (format.doubt !== undefined) return rows === 'doubtful';
      if (rows === 'doubtful') return false;
      return format.order === order || (rows === 'firm' && (format.order === undefined || order === 'any'));
    };
    return indexFormats(readyFormats(timeFormat, standing, formats).filter(inOrder), local);
  };
  if (timeFormat !== undefined || formats !== undefined) return make();
  const key = `${standing} ${order} ${rows} ${local}`;
  const index = known.get(key) ?? make();
  known.set(key, index);
  return index;
}
