import type { Problem, Warn } from '../core/problem.ts';
import type { ByteStream, Sample } from '../core/stages.ts';
import { type Compression, compressionOf, MAGIC_BYTES } from './compression.ts';
import { DecodedStream } from './decode.ts';
import { type FoundEncoding, findEncoding, UTF8 } from './encoding.ts';
import { LINE_BREAKS } from './line-breaks.ts';
import { lengthToSee, SAMPLE_BYTES } from './sample.ts';
import { PeekedStream } from './streams.ts';
import { checkText, endsLinesByReturns } from './text-check.ts';
import { textOf, textOfBytes } from './transcode.ts';

/** What lies around the text of a source, from outside to inside. */
export interface Layers {
  compressions: readonly Compression[];
  encoding: FoundEncoding;
}

/** What is known of a source before its bytes are looked at. */
export interface Described {
  /** As it was named; its ending tells what nothing else does. `-` is stdin. */
  path: string;
  label: string;
  /** What --encoding says of it. */
  encoding: string | undefined;
}

/** Compressed twice happens (a rotated `.gz` that a backup has compressed again); more often is no accident. */
const MOST_LAYERS = 3;

/**
 * Finds the layers of a source that can be read from its beginning as often as wanted.
 * @throws TsalignError 'binary' or 'unreadable' where there is no text inside that can be read
 */
export async function findLayers(source: Described, open: (warn: Warn) => ByteStream): Promise<Layers> {
  const { compressions, head } = await findCompressions(source.path, () => open(ignore), source.label);
  return { compressions, encoding: await textEncoding(head, source, compressions) };
}

/** Finds the compressions around some bytes, and how what is inside begins. */
export async function findCompressions(
  path: string,
  open: () => ByteStream,
  label = path,
): Promise<{ compressions: Compression[]; head: Uint8Array }> {
  const compressions: Compression[] = [];
  let name = path;
  for (;;) {
    const head = await headOf(
      new PeekedStream(decoded({ label, open, rereadable: true, compressions, warn: ignore })),
      SAMPLE_BYTES,
    );
    const found = compressions.length < MOST_LAYERS ? compressionOf(head.subarray(0, MAGIC_BYTES), name) : undefined;
    if (found === undefined) return { compressions, head };
    compressions.push(found);
    name = withoutEnding(name);
  }
}

/** The text of a source that can be read again: decompressed and in UTF-8, without a byte order mark. */
export function openLayers(label: string, open: (warn: Warn) => ByteStream, layers: Layers, warn: Warn): ByteStream {
  const { compressions, encoding } = layers;
  const inside = decoded({ label, open: () => open(warn), rereadable: true, compressions, warn });
  return textOf(inside, encoding, cutSayer(label, warn));
}

/** What a source that is read only once turned out to be. */
export interface OpenedLayers {
  layers: Layers;
  text: ByteStream;
  sample: Sample;
}

/** Finds the layers of a stream and takes them off; `warn` receives damage, perhaps while the beginning is looked at. */
export async function takeLayers(source: Described, raw: ByteStream, warn: Warn): Promise<OpenedLayers> {
  const compressions: Compression[] = [];
  let name = source.path;
  let stream = new PeekedStream(raw);
  for (;;) {
    const compression =
      compressions.length < MOST_LAYERS ? compressionOf(await stream.peek(MAGIC_BYTES), name) : undefined;
    if (compression === undefined) break;
    const inner = stream;
    stream = new PeekedStream(
      new DecodedStream({ compression, label: source.label, input: () => inner, rereadable: false, warn }),
    );
    compressions.push(compression);
    name = withoutEnding(name);
  }
  const encoding = await textEncoding(await stream.peek(SAMPLE_BYTES), source, compressions);
  const sample = await sampleHead(stream, encoding);
  return { layers: { compressions, encoding }, text: textOf(stream, encoding, cutSayer(source.label, warn)), sample };
}

/** A sample of a beginning, which is looked at until its first line is whole. */
async function sampleHead(stream: PeekedStream, encoding: FoundEncoding): Promise<Sample> {
  for (let length = SAMPLE_BYTES; ; ) {
    const head = await stream.peek(length);
    const piece = textOfBytes(head.subarray(encoding.mark), encoding);
    const wanted = lengthToSee(piece, length, encoding.encoding?.unit ?? 1);
    if (head.length < length || wanted === length) return { pieces: [piece], whole: head.length < length };
    length = wanted;
  }
}

/** Says that text in units of several bytes ends within one. */
export function cutSayer(label: string, warn: Warn): (encoding: string) => void {
  return (encoding) => {
    const what = `the ${encoding} text ends within a character`;
    warn({ code: 'truncated', where: label, what, hint: 'it may have been cut; what stands before that was read' });
  };
}

/** A sample of the beginning of what can only be read from there. */
export async function sampleLayers(label: string, open: (warn: Warn) => ByteStream, layers: Layers): Promise<Sample> {
  let damage: Problem | undefined;
  const note: Warn = (problem) => {
    damage ??= problem;
  };
  const stream = new PeekedStream(openLayers(label, open, layers, note));
  try {
    const sample = await sampleHead(stream, UTF8);
    return damage === undefined ? sample : { ...sample, damage };
  } finally {
    await stream.close();
  }
}

export interface PackedStream {
  label: string;
  /** The bytes as they are stored; called again only where `rereadable`. */
  open: () => ByteStream;
  rereadable: boolean;
  compressions: readonly Compression[];
  warn: Warn;
}

/** A stream without the compressions around it. */
export function decoded({ label, open, rereadable, compressions, warn }: PackedStream): ByteStream {
  const wrap = (input: () => ByteStream, compression: Compression) => () =>
    new DecodedStream({ compression, label, input, rereadable, warn });
  return compressions.reduce(wrap, open)();
}

async function textEncoding(
  head: Uint8Array,
  { path, encoding: given }: Described,
  compressions: readonly Compression[],
): Promise<FoundEncoding> {
  const encoding = await findEncoding(head, given);
  const text = textOfBytes(head.subarray(encoding.mark), encoding);
  checkText(text, path, compressions[0]?.name);
  if (endsLinesByReturns(text)) return { ...encoding, returns: true };
  const breaks = LINE_BREAKS.find(({ isIn }) => isIn(text));
  return breaks === undefined ? encoding : { ...encoding, breaks };
}

async function headOf(stream: PeekedStream, length: number): Promise<Uint8Array> {
  try {
    return await stream.peek(length);
  } finally {
    await stream.close();
  }
}

const withoutEnding = (name: string): string => name.replace(/\.[^./]*$/, '');

const ignore: Warn = () => {};
