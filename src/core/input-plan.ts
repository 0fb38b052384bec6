import type { CsvPlan, InputPlan, LogfmtPlan, NdjsonPlan } from './stages.ts';

/** What several rooms ask of the plan by which a source is cut into records. */

/** Whether it is a table: rows of cells, whose columns are known before they are read. */
export const isTable = (input: InputPlan): input is CsvPlan => input.format === 'csv' || input.format === 'tsv';

/** Whether each record names its own fields, so that nobody knows beforehand which there are. */
export const namesItsFields = (input: InputPlan): input is NdjsonPlan | LogfmtPlan =>
  input.format === 'ndjson' || input.format === 'logfmt';

/** The names of columns that are known before the records are read. */
export const knownColumns = (input: InputPlan): readonly string[] => ('columns' in input ? input.columns : []);

/** Whether only reading it from its beginning tells where its records begin: JSON in arrays or over several lines. */
export const isDocuments = (input: InputPlan): boolean => input.format === 'ndjson' && input.layout === 'documents';
