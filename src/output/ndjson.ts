import { isTable } from '../core/input-plan.ts';
import { BROKEN, CONTINUED, LATE, type Memory, MULTILINE, UNDATED } from '../core/memory.ts';
import { onceIn } from '../core/once.ts';
import type { InputPlan, NdjsonPlan, Output, RecordWriter, SourceInfo } from '../core/stages.ts';
import { DECIMAL_ROOM, pokeDecimal } from '../kernel/decimal.ts';
import { copyBytes, escapeJson, escapeLines, joinLines, putByte, repairUtf8 } from '../kernel/escape.ts';
import { BODY_PARTS } from '../kernel/layout.ts';
import { MemberScanner } from '../kernel/members.ts';
import { type Placed, placeTexts, putPlaced } from '../kernel/placed.ts';
import { type PrefixForm, PrefixWriter } from '../kernel/prefix-writer.ts';
import { placeMembers, placeMessage, type RecordBody, type StampPlaces } from '../kernel/record-bodies.ts';
import { StampWriter } from '../kernel/stamp-writer.ts';
import { isUtf8Span } from '../kernel/utf8.ts';
import { type Body, fieldsBody, layoutsBody, placeFieldMembers } from './field-members.ts';
import { LATE_NAME, ownNames } from './names.ts';
import { pairsBody } from './pair-members.ts';
import type { WriterSettings } from './settings.ts';

const MESSAGE_MEMBER = ',"message":"';
const LATE_MEMBER = `,"${LATE_NAME}":true`;

const LF = 10;
const CR = 13;
const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACE = 123;
const OPEN_BRACKET = 91;

/**
 * One JSON object a record: `{"time":"…Z","source":"app.ndjson",` and then its own members, byte for byte: numbers and
 * duplicate names stay as they were. Fields of CSV and W3C logs and pairs of logfmt are strings. Text, and whatever is broken, is the member `message`. Always valid JSON: bytes
 * that are not UTF-8 become U+FFFD, as RFC 8259 section 8.1 demands UTF-8.
 */
export function createNdjsonWriter(
  settings: WriterSettings,
  sources: readonly SourceInfo[],
  memory: Memory,
): RecordWriter {
  const kernelBody = kernelBodies(settings, sources, memory);
  const prefixes = new PrefixWriter(
    memory,
    new StampWriter(settings),
    sources.map((source, i) => ({ ...formOf(settings, source), body: kernelBody[i] })),
  );
  const [lineName, messageName] = placeTexts(memory, [',"line":', MESSAGE_MEMBER]);
  const bodies = sources.map((source) => bodyOf(settings, source, memory));
  const { source, flags, line, bytes } = memory;

  function record(row: number, out: Output): void {
    const index = source[row];
    if ((flags[row] & (UNDATED | CONTINUED)) === UNDATED) prefixes.putUndated(index, out);
    else prefixes.put(row, out);
    if (settings.lineNumbers) {
      putPlaced(lineName, out);
      out.reserve(DECIMAL_ROOM);
      out.position = pokeDecimal(bytes, out.position, line[row]);
    }
    if (settings.marksLate && (flags[row] & LATE) !== 0) out.append(LATE_MEMBER);
    if ((flags[row] & BROKEN) !== 0 || !bodies[index](row, out)) writeMessage(row, messageName, out);
    out.reserve(2);
    bytes[out.position++] = 125;
    bytes[out.position++] = LF;
  }

  return {
    begin() {},
    write(rows, count, out) {
      for (let i = 0; i < count; i++) {
        i = prefixes.writeRows(BODY_PARTS, rows, i, count, out);
        if (i < count) record(rows[i], out);
      }
    },
  };
}

function formOf({ withSource }: WriterSettings, { label }: SourceInfo): PrefixForm {
  const source = withSource ? `,"source":${JSON.stringify(label)}` : '';
  return { before: '{"time":"', after: `"${source}`, undated: `{"time":null${source}` };
}

function bodyOf(settings: WriterSettings, { input }: SourceInfo, memory: Memory): Body {
  const own = ownNames(settings);
  switch (input.format) {
    case 'text':
      return () => false;
    case 'logfmt':
      return pairsBody(own, input, memory);
    case 'w3c':
      return layoutsBody(own, input.layouts, memory);
    case 'ndjson': {
      const body = new MembersBody(own, input.timePaths, memory);
      return (row, out) => body.write(row, out);
    }
    case 'csv':
    case 'tsv':
      return fieldsBody(own, input, memory);
  }
}

/** What the kernel writes of the records of each source by itself; see `bodyOf` and writeMessage, which say what is right. */
function kernelBodies(
  settings: WriterSettings,
  sources: readonly SourceInfo[],
  memory: Memory,
): (RecordBody | undefined)[] {
  const placed = new Map<string, RecordBody | undefined>();
  if (settings.lineNumbers) return [];
  return sources.map(({ input }) => onceIn(placed, bodyKey(input), () => kernelBody(settings, input, memory)));
}

/** Sources with the same key have the same body. */
function bodyKey(input: InputPlan): string {
  if (isTable(input)) return JSON.stringify([input.delimiter, input.quotes, input.columns, input.timeColumns]);
  return input.format === 'ndjson' ? stampPlaces(input) : input.format;
}

function kernelBody(settings: WriterSettings, input: InputPlan, memory: Memory): RecordBody | undefined {
  const own = ownNames(settings);
  if (input.format === 'text') return placeMessage(memory, MESSAGE_MEMBER, '"}\n');
  if (isTable(input)) return placeFieldMembers(own, input, memory);
  if (input.format !== 'ndjson') return undefined;
  return placeMembers(memory, own.map(bytesOf), stampPlaces(input));
}

function stampPlaces({ timePaths }: NdjsonPlan): StampPlaces {
  const isTop = timePaths.map((path) => path.length === 1);
  if (!isTop.includes(true)) return 'below';
  return isTop.includes(false) ? 'both' : 'top';
}

const bytesOf = (name: string): Buffer => Buffer.from(name);

/** `message`: the record's text, its lines ended by LF alone. */
function writeMessage(row: number, name: Placed, out: Output): void {
  const { start, end, flags, bytes } = out.memory;
  const from = start[row];
  const stop = end[row];
  const put = (flags[row] & MULTILINE) === 0 ? escapeJson : escapeLines;
  putPlaced(name, out);
  put(from, stop > from && bytes[stop - 1] === CR ? stop - 1 : stop, out);
  putByte(QUOTE, out);
}

/**
 * The members of a JSON record. The member that gave the instant is left out, as `time` says it, where it stands at the
 * top; one further down stays where it is. Members called like ours get a new name.
 */
class MembersBody {
  readonly #memory: Memory;
  readonly #own: readonly string[];
  readonly #ownBytes: readonly Buffer[];
  /** Names of the members at the top that may be the time. */
  readonly #timeNames: readonly Buffer[];
  readonly #scanner: MemberScanner;
  /** Looks for names in a record whose members are more than the scanner holds at once. */
  readonly #names: MemberScanner;
  /** Whether the record at hand has bytes that are not UTF-8; line ends between its members or their parts. */
  #damaged = false;
  #multiline = false;

  constructor(own: readonly string[], timePaths: readonly (readonly string[])[], memory: Memory) {
    this.#memory = memory;
    this.#own = own;
    this.#ownBytes = own.map(bytesOf);
    this.#timeNames = timePaths.filter((path) => path.length === 1).map(([name]) => Buffer.from(name));
    this.#scanner = new MemberScanner(memory.bytes);
    this.#names = new MemberScanner(memory.bytes);
  }

  write(row: number, out: Output): boolean {
    const { bytes, start, end, flags } = this.#memory;
    const scanner = this.#scanner;
    if (!scanner.scan(start[row], end[row])) return false;
    const mayBeDamaged = scanner.beyondAscii || scanner.more;
    this.#damaged = mayBeDamaged && !isUtf8Span(bytes, start[row], end[row]);
    this.#multiline = (flags[row] & MULTILINE) !== 0;
    this.#writeHeld(row, out);
    while (scanner.next()) this.#writeHeld(row, out);
    return true;
  }

  /** Writes the members that the scanner holds. */
  #writeHeld(row: number, out: Output): void {
    const scanner = this.#scanner;
    const dropped = this.#dropped(row);
    // Members that stay as they are go in one copy with their neighbours: first is the first of them.
    let first = 0;
    for (let i = 0; i < scanner.count; i++) {
      const clash = i === dropped ? -1 : this.#clash(i);
      if (i !== dropped && clash < 0) continue;
      this.#members(first, i, out);
      first = i + 1;
      if (clash >= 0) this.#renamed(row, i, this.#own[clash], out);
    }
    this.#members(first, scanner.count, out);
  }

  /** Index of the member that `time` replaces, or −1. */
  #dropped(row: number): number {
    const { flags, start, stampAt, stampLength } = this.#memory;
    if (this.#timeNames.length === 0 || (flags[row] & UNDATED) !== 0) return -1;
    if (stampLength[row] > 0) return this.#memberAt(start[row] + stampAt[row]);
    // A stamp too long for its column: the first member that has a name of the time.
    const found = this.#timeNames.find((name) => this.#scanner.find(name) >= 0);
    return found === undefined ? -1 : this.#scanner.find(found);
  }

  /** Index of the member whose own value stands at this offset, or −1 where that is inside an object or array. */
  #memberAt(at: number): number {
    const { count, valueStart, valueEnd } = this.#scanner;
    for (let i = 0; i < count; i++) {
      if (at >= valueEnd[i]) continue;
      if (at < valueStart[i]) return -1;
      const first = this.#memory.bytes[valueStart[i]];
      return first === OPEN_BRACE || first === OPEN_BRACKET ? -1 : i;
    }
    return -1;
  }

  /** Index in #own of the name of member i, or −1. */
  #clash(i: number): number {
    for (let k = 0; k < this.#ownBytes.length; k++) {
      if (this.#scanner.isNamed(i, this.#ownBytes[k])) return k;
    }
    return -1;
  }

  #members(first: number, behind: number, out: Output): void {
    if (first >= behind) return;
    putByte(COMMA, out);
    this.#copy(this.#scanner.nameStart[first] - 1, this.#scanner.valueEnd[behind - 1], out);
  }

  #renamed(row: number, i: number, name: string, out: Output): void {
    out.append(`,${JSON.stringify(this.#freeName(row, name))}:`);
    this.#copy(this.#scanner.valueStart[i], this.#scanner.valueEnd[i], out);
  }

  #copy(from: number, to: number, out: Output): void {
    const put = this.#damaged ? repairUtf8 : copyBytes;
    if (this.#multiline) joinLines(from, to, out, put);
    else put(from, to, out);
  }

  /** The name with `_` at its end until no member of the record has it. */
  #freeName(row: number, name: string): string {
    const { start, end } = this.#memory;
    let free = `${name}_`;
    this.#names.scan(start[row], end[row]);
    while (this.#own.includes(free) || this.#names.findValue(Buffer.from(free))) free += '_';
    return free;
  }
}
