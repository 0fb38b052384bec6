import { plainPalette, type WriterSettings } from '../src/output/index.ts';

/** What a run without options writes with. */
export const SETTINGS: WriterSettings = {
  stamp: 'prefix',
  withSource: true,
  lineNumbers: false,
  digits: 3,
  finer: 'full',
  palette: plainPalette,
  terminal: false,
};
