import type { Pool, Random } from './words.ts';
import { POOL_SIZE } from './words.ts';

/** Where a record is being written: bytes, and the place of the next one. */
export interface Pen {
  buffer: Buffer;
  at: number;
}

/** What one record says. */
export interface Draft {
  /** Its place in the order of time, from 0. */
  index: number;
  /** Milliseconds since 1970. */
  instant: number;
  layout: Layout;
  pool: Pool;
  random: Random;
  /** Mean bytes of a record. */
  mean: number;
}

/** How a format writes a record. */
export interface Layout {
  extension: string;
  header: string;
  parts: readonly Part[];
  /** Bytes of all parts but the message. */
  overhead: number;
}

/** Fixed text, or what writes a text that differs from record to record. */
type Part = string | ((draft: Draft, pen: Pen) => void);

/** Mean bytes of a record, its newline included. Four of five lie between 85 and 205; one in LONG_EVERY is up to 1300 long. */
export const MEAN_LENGTH = 150;
/** No record is longer, for a mean. */
export const roomOf = (mean: number): number => 12 * mean + 1024;
const LONG_EVERY = 64;
const DAY = 86_400_000;

const HOSTS = ['web-1', 'web-2', 'app-1', 'app-2', 'app-3', 'db-01', 'db-02', 'edge1'];
const LEVELS = ['DEBUG', 'INFO ', 'INFO ', 'INFO ', 'INFO ', 'INFO ', 'WARN ', 'ERROR'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

const index: Part = (draft, pen) => writeText(String(draft.index), pen);
const host: Part = ({ random }, pen) => writeText(HOSTS[random() & 7], pen);
const level: Part = ({ random }, pen) => writeText(LEVELS[random() & 7], pen);

const isoStamp: Part = ({ instant }, pen) => {
  writeText(dayOf(instant).iso, pen);
  writeTime(instant, pen);
  writeText('.', pen);
  const millis = instant % 1000;
  pen.buffer[pen.at++] = 48 + Math.floor(millis / 100);
  writePair(millis % 100, pen);
  writeText('Z', pen);
};

const syslogStamp: Part = ({ instant }, pen) => {
  writeText(dayOf(instant).syslog, pen);
  writeTime(instant, pen);
};

const clfStamp: Part = ({ instant }, pen) => {
  writeText(dayOf(instant).clf, pen);
  writeTime(instant, pen);
  writeText(' +0000', pen);
};

const message: Part = (draft, pen) => writePiece(draft.pool.plain, draft, pen);

/** One message in four holds commas and is quoted, and one in sixteen holds a line end as well. */
const csvMessage: Part = (draft, pen) => {
  const kind = draft.random() & 15;
  if (kind > 3) return writePiece(draft.pool.plain, draft, pen);
  writeText(kind === 0 ? '",\n ' : '", ', pen);
  writePiece(draft.pool.commas, draft, pen);
  writeText('"', pen);
};

export const LAYOUTS = {
  iso: { extension: 'log', header: '', parts: [isoStamp, ' ', host, ' ', level, ' ', message], overhead: 38 },
  syslog: {
    extension: 'log',
    header: '',
    parts: [syslogStamp, ' ', host, ' app[', index, ']: ', message],
    overhead: 36,
  },
  clf: {
    extension: 'log',
    header: '',
    parts: ['10.0.0.7 - - [', clfStamp, '] "GET /', message, ' HTTP/1.1" 200 ', index],
    overhead: 72,
  },
  ndjson: {
    extension: 'ndjson',
    header: '',
    parts: ['{"ts":"', isoStamp, '","id":', index, ',"level":"', level, '","host":"', host, '","msg":"', message, '"}'],
    overhead: 89,
  },
  csv: {
    extension: 'csv',
    header: 'time,id,level,host,message\n',
    parts: [isoStamp, ',', index, ',', level, ',', host, ',', csvMessage],
    overhead: 47,
  },
} satisfies Record<string, Layout>;

/** Writes a record and its newline. */
export function writeRecord(draft: Draft, pen: Pen): void {
  for (const part of draft.layout.parts) {
    if (typeof part === 'string') writeText(part, pen);
    else part(draft, pen);
  }
  writeText('\n', pen);
}

/** Cuts a message out of the pool. */
function writePiece(pool: Buffer, { layout, random, mean }: Draft, pen: Pen): void {
  const length = messageLength(Math.max(1, mean - layout.overhead), random);
  const from = random() % (POOL_SIZE - length);
  pool.copy(pen.buffer, pen.at, from, from + length);
  pen.at += length;
}

/** The sum of two evenly spread numbers, so that lengths near the mean are the most common. */
function messageLength(mean: number, random: Random): number {
  const usual = Math.round(mean / (1 + 5 / LONG_EVERY));
  const length = (random() % (usual + 1)) + (random() % (usual + 1));
  return random() % LONG_EVERY === 0 ? length * 6 : length;
}

interface Day {
  iso: string;
  syslog: string;
  clf: string;
}

const days = new Map<number, Day>();

/** The texts of an instant's day, each up to the hour. */
function dayOf(instant: number): Day {
  const number = Math.floor(instant / DAY);
  let day = days.get(number);
  if (day === undefined) {
    const iso = new Date(number * DAY).toISOString();
    const [year, month, date] = [iso.slice(0, 4), MONTHS[Number(iso.slice(5, 7)) - 1], iso.slice(8, 10)];
    day = {
      iso: iso.slice(0, 11),
      syslog: `${month} ${String(Number(date)).padStart(2)} `,
      clf: `${date}/${month}/${year}:`,
    };
    days.set(number, day);
  }
  return day;
}

/** HH:MM:SS */
function writeTime(instant: number, pen: Pen): void {
  const seconds = Math.floor((instant % DAY) / 1000);
  writePair(Math.floor(seconds / 3600), pen);
  writeText(':', pen);
  writePair(Math.floor(seconds / 60) % 60, pen);
  writeText(':', pen);
  writePair(seconds % 60, pen);
}

function writePair(value: number, pen: Pen): void {
  pen.buffer[pen.at] = 48 + Math.floor(value / 10);
  pen.buffer[pen.at + 1] = 48 + (value % 10);
  pen.at += 2;
}

/** ASCII, character by character: for texts this short quicker than a Buffer's own way. */
function writeText(text: string, pen: Pen): void {
  const { buffer, at } = pen;
  for (let i = 0; i < text.length; i++) buffer[at + i] = text.charCodeAt(i);
  pen.at = at + text.length;
}
