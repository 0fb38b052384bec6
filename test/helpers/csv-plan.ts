import type { CsvPlan } from '../../src/core/stages.ts';

/** The plan of delimited text with this header, whose first column holds the time; `given` says what is otherwise. */
export function csvPlan(header: string, given: Partial<CsvPlan> = {}): CsvPlan {
  const { delimiter = ',' } = given;
  return {
    format: 'csv',
    delimiter,
    quotes: 'doubled',
    columns: header.split(delimiter),
    header: true,
    headerText: header,
    headerEnd: '',
    commentLines: 0,
    commentsBelow: false,
    timeColumns: [0],
    zoneColumn: undefined,
    ...given,
  };
}
