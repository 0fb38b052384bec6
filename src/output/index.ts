import { extname } from 'node:path';
import type { Memory } from '../core/memory.ts';
import { TsalignError } from '../core/problem.ts';
import { suggestion } from '../core/registry.ts';
import type { RecordWriter, Sink, SourceInfo } from '../core/stages.ts';
import { withoutCompression } from './compressing-sink.ts';
import { createCsvWriter, createTsvWriter } from './csv.ts';
import { createNdjsonWriter } from './ndjson.ts';
import { createRawWriter } from './raw.ts';
import { sanitizingSink } from './sanitize.ts';
import type { WriterSettings } from './settings.ts';
import { createTextWriter } from './text.ts';

export interface OutputFormat {
  name: string;
  /** Endings of an output path that choose it. */
  extensions: readonly string[];
  /** Input formats of which all sources must be for it to be the default. */
  defaultFor: readonly SourceInfo['input']['format'][];
  /** Whether its records are rows of cells below the names of their columns. */
  tabular: boolean;
  /** Whether it writes colours, and so makes record text safe for a terminal by itself. */
  colours: boolean;
  create: (settings: WriterSettings, sources: readonly SourceInfo[], memory: Memory) => RecordWriter;
}

/** Every output format; where two could be the default, the first is. */
export const OUTPUT_FORMATS = [
  { name: 'text', extensions: [], defaultFor: [], tabular: false, colours: true, create: createTextWriter },
  { name: 'raw', extensions: [], defaultFor: [], tabular: false, colours: false, create: createRawWriter },
  {
    name: 'ndjson',
    extensions: ['.ndjson', '.jsonl', '.json'],
    defaultFor: ['ndjson'],
    tabular: false,
    colours: false,
    create: createNdjsonWriter,
  },
  { name: 'tsv', extensions: ['.tsv'], defaultFor: ['tsv'], tabular: true, colours: false, create: createTsvWriter },
  {
    name: 'csv',
    extensions: ['.csv'],
    defaultFor: ['csv', 'tsv'],
    tabular: true,
    colours: false,
    create: createCsvWriter,
  },
] as const satisfies readonly OutputFormat[];

export type OutputFormatName = (typeof OUTPUT_FORMATS)[number]['name'];

/** The format that the ending of an output path asks for, or else the one that all sources share, or else text. */
export function defaultFormat(path: string | undefined, sources: readonly SourceInfo[]): OutputFormatName {
  const formats: readonly (OutputFormat & { name: OutputFormatName })[] = OUTPUT_FORMATS;
  const extension = path === undefined ? '' : extname(withoutCompression(path)).toLowerCase();
  const byName = formats.find((format) => format.extensions.includes(extension));
  if (byName !== undefined) return byName.name;
  const kinds = new Set(sources.map((source) => source.input.format));
  const common = formats.find(
    (format) => kinds.size > 0 && [...kinds].every((kind) => format.defaultFor.includes(kind)),
  );
  return common?.name ?? 'text';
}

/** Whether records in the output format of this name are rows of cells below the names of their columns. */
export const isTabular = (name: string): boolean =>
  OUTPUT_FORMATS.some((format) => format.name === name && format.tabular);

/** @throws TsalignError 'usage' for a format that does not exist. */
export function createWriter(
  name: string,
  settings: WriterSettings,
  sources: readonly SourceInfo[],
  memory: Memory,
): RecordWriter {
  return formatNamed(name).create(settings, sources, memory);
}

/** The sink to use where a terminal shows the output: what the terminal would obey is escaped, if the format does not see to that. */
export function terminalSink(name: string, sink: Sink): Sink {
  return formatNamed(name).colours ? sink : sanitizingSink(sink);
}

function formatNamed(name: string): OutputFormat {
  const format = OUTPUT_FORMATS.find((one) => one.name === name);
  if (format !== undefined) return format;
  const names = OUTPUT_FORMATS.map((one) => one.name);
  throw new TsalignError({
    code: 'usage',
    where: '--output-format',
    what: `no output format "${name}"`,
    hint: suggestion(name, names),
  });
}

export { type Appended, type AppendSink, appendSink } from './append-sink.ts';
export { createOutput } from './buffer.ts';
export { unionOfColumns } from './columns.ts';
export {
  type Codec,
  type CompressingSink,
  codecNamed,
  compressingSink,
  compressionByName,
  withoutCompression,
} from './compressing-sink.ts';
export { appearsWhole, fileSink, followLinks, isKernelPath } from './file-sink.ts';
export { hashFile } from './hashed-file.ts';
export { putInPlace } from './in-place.ts';
export {
  type Manifest,
  manifestPath,
  manifestText,
  OWN_FOLDER,
  readManifest,
  type Slot,
  type SlotKind,
} from './manifest.ts';
export { type Colour, createPalette, type Palette, plainPalette } from './palette.ts';
export { commonHeader, headersLeftOut } from './raw.ts';
export { compareStamps, type ReadBack, readBack, stampKey } from './read-back.ts';
export {
  buildReport,
  type OutputFacts,
  type Proof,
  prove,
  type RunFacts,
  type RunReport,
  type SlotChange,
  type SlotsDone,
  type SourceFacts,
} from './report.ts';
export { sanitizeLabel, sanitizeText } from './sanitize.ts';
export type { WriterSettings } from './settings.ts';
export { ClosedPipe, descriptorSink, type MemorySink, memorySink } from './sink.ts';
export { cutBack, type FileFacts, SlotFile } from './slot-file.ts';
export { SlotFolder } from './slot-folder.ts';
export { SlotIndexWriter, type SlotLimits, SlotReader } from './slot-index.ts';
export { checkSlotPattern, slotFolder, slotLength, slotMatcher, slotPath, tellsOffset } from './slot-name.ts';
