import type { Memory } from '../core/memory.ts';
import type { FieldLayout, LayoutsByLine, Output } from '../core/stages.ts';
import { type CellWriter, createFieldCells } from './cells.ts';
import type { Columns } from './columns.ts';

/** Cells from the fields of records whose fields lie as it is known of each line. */
export function createLayoutCells(
  columns: Columns,
  source: number,
  layouts: LayoutsByLine,
  delimiter: number,
  memory: Memory,
): CellWriter {
  const writers = new Map<FieldLayout, CellWriter | undefined>();
  const writerOf = (layout: FieldLayout): CellWriter | undefined => {
    const fields = columns.fieldsOf(source, layout);
    // A field that came after the header was written has no column: then the record is a message, whole.
    const isLost = (_: string, field: number) => !layout.timeColumns.includes(field) && !fields.includes(field);
    if (columns.paths === undefined && layout.columns.some(isLost)) return undefined;
    return createFieldCells(columns, fields, layout, delimiter, memory);
  };
  return {
    write(row: number, out: Output): boolean {
      const layout = layouts.at(memory.line[row]);
      if (layout === undefined) return false;
      if (!writers.has(layout)) writers.set(layout, writerOf(layout));
      return writers.get(layout)?.write(row, out) ?? false;
    },
  };
}
