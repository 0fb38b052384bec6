/** What a value read from JSON must be. */
type Shape = (value: unknown) => boolean;

const isText: Shape = (value) => typeof value === 'string';
const isFlag: Shape = (value) => typeof value === 'boolean';
const isCount: Shape = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isWord: Shape = (value) => Number.isInteger(value) && Math.abs(value as number) < 2 ** 32;
const isNanos: Shape = (value) => isText(value) && /^-?\d{1,20}$/.test(value as string);
const isKey: Shape = (value) => Array.isArray(value) && value.length === 2 && value.every(isWord);
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || value === null || shape(value);
const listOf =
  (shape: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every(shape);
const isRecord: Shape = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const recordOf =
  (shape: Shape): Shape =>
  (value) =>
    isRecord(value) && Object.values(value as object).every(shape);
const objectOf =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, shape]) => shape((value as Record<string, unknown>)[name]));

const isFingerprint = objectOf({ length: isCount, hash: isText });

const isAgain = objectOf({
  offset: isCount,
  lines: isCount,
  last: optional(isKey),
  dating: optional(isRecord),
  framing: optional(isRecord),
  until: isKey,
});

const isSource = objectOf({
  id: isCount,
  label: isText,
  path: isText,
  file: isText,
  device: isText,
  inode: isText,
  size: isCount,
  modified: isNanos,
  plain: isFlag,
  offset: isCount,
  lines: isCount,
  head: isFingerprint,
  before: isFingerprint,
  last: optional(isKey),
  dating: optional(isRecord),
  framing: optional(isRecord),
  again: optional(isAgain),
  moved: optional(isFlag),
  highest: optional(isKey),
});

const isAppended = objectOf({ file: isText, length: isCount, tail: isFingerprint, last: optional(isKey) });

/** The name of an unfinished file, which leads nowhere else. */
const isNumber: Shape = (value) => isText(value) && /^\d+$/.test(value as string);

const isPart = objectOf({
  slot: objectOf({
    slot: isText,
    records: isCount,
    bytes: isCount,
    sha256: isText,
    first: isText,
    last: isText,
    sources: recordOf(isCount),
    index: isText,
  }),
  file: isNumber,
  index: isNumber,
  indexBytes: isCount,
  covers: isFlag,
  ready: isFlag,
});

const isSlots = objectOf({ folder: isText, until: isKey, final: isKey, parts: listOf(isPart) });

/** Whether a value has the fields of a state, each of its kind. */
export const isStateDocument = objectOf({
  state: (value) => value === 1,
  id: isText,
  settings: optional(isRecord),
  header: optional(listOf(isText)),
  labels: listOf(isText),
  nextId: isCount,
  sources: listOf(isSource),
  outputs: recordOf(isAppended),
  pending: listOf(objectOf({ from: isText, to: isText })),
  slots: optional(isSlots),
});
