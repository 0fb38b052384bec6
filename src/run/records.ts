import { instantOfRow, LATE, type Memory, UNDATED } from '../core/memory.ts';
import type { SourceInfo } from '../core/stages.ts';
import type { MergedRecord, Receiver } from '../request.ts';
import type { Channel } from './channel.ts';
import { allFields } from './record-fields.ts';

/** A channel that makes an object of every record and hands them over, a batch at a time. */
export function openReceiver(receiver: Receiver, sources: readonly SourceInfo[], memory: Memory): Channel {
  const recordOf = (row: number): MergedRecord => {
    const info = sources[memory.source[row]];
    const text = memory.buffer.toString('utf8', memory.start[row], memory.end[row]);
    const isDated = (memory.flags[row] & UNDATED) === 0;
    const record: MergedRecord = {
      instant: isDated ? instantOfRow(memory, row) : undefined,
      source: info.label,
      line: memory.line[row],
      text,
    };
    if ((memory.flags[row] & LATE) !== 0) record.late = true;
    const fields = receiver.withFields ? allFields(info.input, text, record.line) : undefined;
    return fields === undefined ? record : { ...record, fields };
  };
  return {
    begin: () => {},
    write(rows, count) {
      if (count > 0) receiver.take(Array.from(rows.subarray(0, count), recordOf));
    },
    writeRow: (row) => receiver.take([recordOf(row)]),
    flush: () => {},
    commit: () => {},
    abort: () => {},
  };
}
