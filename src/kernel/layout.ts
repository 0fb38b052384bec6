/**
 * Where things lie that TypeScript and the WebAssembly kernel both touch: byte offsets from the start of a structure.
 * This file is compiled by both; so it holds nothing but numbers.
 */

// ---- The kernel's own state, from Memory.state on: STATE_BYTES of core/memory.ts.
export const STATE_COUNTS = 0; // the radix sort's counters, one for each of 2048 digits
export const STATE_TEXT = 8192; // what frameText knows between two calls
export const STATE_CONTINUATIONS = 10240; // two tables of continuations
export const CONTINUATION_BYTES = 32768;
export const STATE_ROWS = 75776; // copies of row numbers that lie elsewhere
export const SEEN_ROWS = 4096;
export const STATE_MODELS = 92160; // JSON objects that others are held against
export const MODELS = 4;
export const MODEL_START = 0; // address of the object, 0: there is none
export const MODEL_END = 4; // of its line
export const MODEL_COUNT = 8; // its strings (without quotes), numbers and words
export const MODEL_TIME = 12; // which of them is the time
export const MODEL_SPANS = 16; // where each of them begins and ends
export const MOST_SCALARS = 256;
export const MODEL_BYTES = 2064; // MODEL_SPANS + 8 * MOST_SCALARS
export const STATE_LINE_ENDS = 100416; // of the lines that frameText comes to next
export const LINES_AHEAD = 64; // how many are looked for, though 64 bytes may bring up to 64 more
export const STATE_STOPS = 100928; // a bit for each byte, whether a string ends there or is interrupted
export const STOPS_AHEAD = 1024; // bytes of bits; another 8 follow

// ---- Text: what frameText knows between two calls.
export const TEXT_START = 0; // of the open record
export const TEXT_POSITION = 4; // first line that was not read yet
export const TEXT_SEARCHED = 8; // where to look for its end
export const TEXT_LINES = 12; // physical lines of the open record so far
export const TEXT_FLAGS = 16;
export const TEXT_STAMP_AT = 20; // from the start of the open record
export const TEXT_STAMP_LENGTH = 24;
export const TEXT_ROWS = 28; // filled in this call
export const TEXT_UNDATED = 32; // rows without an instant of their own, in this call
export const TEXT_LINE_END = 36; // of the line that is to be dated by the caller
export const TEXT_SOURCE = 40;
export const TEXT_FOUND_AT = 44; // where the stamp stands that the caller found
export const TEXT_LINE = 48; // f64: lines passed before the open record
export const TEXT_KEY = 56; // i64: of the last dated line
export const TEXT_FOUND_LENGTH = 64; // length of the stamp that the caller found
export const TEXT_LEADING = 68; // flags of lines before the first that has a stamp
export const TEXT_FOUND_KEY = 72; // i64: and its instant
export const TEXT_GOES_ON = 80; // two bytes that, eight behind the first blank of a line, say that the next with the same eight goes on with it; or 0
export const TEXT_PREVIOUS = 84; // the line before that at POSITION
export const TEXT_QUICK = 88; // what follows, which the caller keeps for each source

// ---- Quick stamps: where the stamps of a source stand, and the shapes that the kernel reads by itself.
export const QUICK_PLACE = 0; // one of PLACE_…
export const QUICK_WITHIN = 4;
export const QUICK_INDENTED = 8;
export const QUICK_ANCHOR_LENGTH = 12;
export const QUICK_SHAPES = 16; // how many shapes there are
export const QUICK_LAST = 20; // the one that read last, and is tried first
export const QUICK_DATED = 24; // stamps read so far
export const QUICK_ANCHOR = 32; // 16 bytes
export const QUICK_FIRST = 48; // 256 bytes: 1 for those with which a stamp, or what stands before it, may begin
export const QUICK_SHAPE = 304;
export const MAX_ANCHOR = 16;

export const PLACE_ASK = 0; // every line is dated by the caller
export const PLACE_START = 1;
export const PLACE_INSIDE = 2;

/** Answers of the caller to a line that it was asked to date. */
export const ANSWER_NONE = 0;
export const ANSWER_UNDATED = 1;
export const ANSWER_DATED = 2;
export const ANSWER_REFUSED = 3; // its stamp names no instant: it opens a record that has none

/** A record of several lines is cut before it grows beyond this; a line never is. */
export const RECORD_CUT = 1048576;

// ---- A shape: stamps of one layout, which differ in the digits of their clock and date alone.
export const SHAPES = 4;
export const SHAPE_LEAD = 0; // bytes before the stamp that must be as they were, too
export const SHAPE_LENGTH = 4; // of the stamp
export const SHAPE_AFTER = 8; // the byte behind it, or -1: the line's end
export const SHAPE_GUARDED = 12; // u8: 1: a digit behind that byte may continue the stamp
export const SHAPE_HOUR_DIGITS = 13; // u8
export const SHAPE_HALF = 14; // u8: of clocks that count to 12: 1 for AM, 2 for PM; 0 where they count to 24
export const SHAPE_CONTINUATION = 16; // address of the table of continuations, or 0
export const SHAPE_HOUR_AT = 20; // all from the beginning of lead and stamp
export const SHAPE_MINUTE_AT = 24;
export const SHAPE_SECOND_AT = 28; // or -1
export const SHAPE_FRACTION_AT = 32;
export const SHAPE_DIGITS = 36;
export const SHAPE_SCALE = 40; // nanoseconds of the last fraction digit
export const SHAPE_NANOS = 44; // by which the key lies above the second of the stamp read last
export const SHAPE_EPOCH_DIGITS = 48; // 0; or so many digits at HOUR_AT are seconds since 1970, in place of a clock
export const SHAPE_DATE = 52; // year, month and day: of each where it stands, and DATE_…
export const DATE_PART = 12;
export const DATE_DIGITS = 4; // how many it has, or 0
export const DATE_VALUE = 8; // where it has none
export const SHAPE_KEY = 88; // i64
export const SHAPE_SECONDS = 96; // f64: of the stamp read last, since 1970 in its own zone
export const SHAPE_MIDNIGHT = 104; // f64: of its date, likewise
export const SHAPE_LOW = 112; // f64: seconds between which the zone's offset holds: from
export const SHAPE_HIGH = 120; // to before
export const SHAPE_MASK = 128; // 80 bytes: what each byte is part of: one of PART_…
export const SHAPE_KEPT = 208; // 80 bytes: how it was in the stamp read last
export const SHAPE_BYTES = 288; // SHAPE_KEPT + SHAPE_TEXT
export const SHAPE_TEXT = 80; // longest lead and stamp together

/** Parts of a stamp. */
export const PART_FRACTION = 0;
export const PART_TEXT = 1; // what must be as it was
export const PART_DATE = 2;
export const PART_CLOCK = 4;

export const QUICK_BYTES = 1456; // QUICK_SHAPE + SHAPES * SHAPE_BYTES
export const TEXT_BYTES = 1544; // TEXT_QUICK + QUICK_BYTES

// ---- Objects: the path of the member that holds the time; what else frameObjects knows is as for text.
export const PATH_LEVELS = 1544; // 0: every line is left to the caller
export const PATH_NAMES = 1548; // for each level where its name begins, how long it is, and 1 for the name 0
export const PATH_NAME = 12;
export const PATH_MOST = 8;
export const PATH_TEXT = 1644; // PATH_NAMES + PATH_MOST * PATH_NAME
export const PATH_TEXT_BYTES = 256;
export const OBJECTS_BYTES = 1900; // PATH_TEXT + PATH_TEXT_BYTES

// ---- Tables: how the rows of delimited text are written; what else frameTable knows is as for text.
export const TABLE_COLUMNS = 1544; // 0: every row is left to the caller
export const TABLE_TIME = 1548; // the column of the time
export const TABLE_DELIMITER = 1552;
export const TABLE_QUOTE = 1556; // NO_BYTE where quotes mean nothing
export const TABLE_LEFT = 1560; // the byte with which rows begin that are left to the caller, or NO_BYTE
export const TABLE_HEADER = 1568; // u64: rows whose first bytes, masked, are these are left to the caller, too
export const TABLE_HEADER_MASK = 1576; // u64
export const TABLE_BYTES = 1584;
/** Rows longer than this are left to the caller. */
export const TABLE_ROW_LIMIT = 65536;

// ---- Merge: the cursors, and behind them a tournament of their addresses.
export const MERGE_SIZE = 0; // cursors that have rows
export const MERGE_LEAVES = 4; // as many cursors as there are, rounded up to a power of two
export const MERGE_ENDED = 8; // address of the cursor that came to its end, or 0
export const MERGE_STALE = 12; // 1: the tournament was not played yet
export const MERGE_TREE = 16; // address: the winner, the losers of the nodes from 1 on, and as much room again
export const MERGE_CURSORS = 24;
export const CURSOR_KEY = 0; // i64 of its head
export const CURSOR_ROW = 8;
export const CURSOR_RANK = 12; // tells among heads of one instant: the source of the row, or LAST_RANK without a row
export const CURSOR_AT = 16;
export const CURSOR_END = 20;
export const CURSOR_BYTES = 24;
export const LAST_RANK = 2147483647;

// ---- Lateness: how far records of a source come behind their place, by the highest keys of groups of neighbours.
export const LATE_HIGHEST = 0; // i64: of all rows so far
export const LATE_BYTES = 8; // f64: bytes and rows so far
export const LATE_ROWS = 16;
export const LATE_GROUP_BYTES = 24; // f64: where the open group begins
export const LATE_GROUP_ROWS = 32;
export const LATE_MOST_BYTES = 40; // f64: the greatest lateness
export const LATE_MOST_ROWS = 48;
export const LATE_GROUPS = 56; // groups closed so far
export const LATE_LONGEST = 60; // bytes of the longest record so far
export const LATE_RING = 64; // the last of them: highest key so far, and where the group begins
export const LATE_RING_GROUPS = 512;
export const LATE_GROUP = 24; // bytes of an entry
export const LATE_STRUCT = 12352; // LATE_RING + LATE_RING_GROUPS * LATE_GROUP

// ---- Coverage: what coverRows knows of a source; all words of 64 bits.
export const COVER_FIRST = 0; // earliest and latest key
export const COVER_LAST = 8;
export const COVER_WORST = 16; // by how much the worst record is late
export const COVER_LEAST_GAP = 24; // wider ones are kept
export const COVER_SHIFT = 32; // bins are 2 ** shift nanoseconds wide
export const COVER_BASE = 40; // the first bin is number `base` of those since 1970
export const COVER_DATED = 48;
export const COVER_LATE = 56;
export const COVER_GAPS = 64; // how many there are, and both ends of each, unordered
export const COVER_GAP_ENDS = 72;
export const COVER_MOST_GAPS = 32; // late records may fill some of them again
export const COVER_COUNTS = 584; // COVER_GAP_ENDS + 16 * COVER_MOST_GAPS: u32, records in each bin, then late ones
export const COVER_BINS = 1024; // after a doubling of their width at least half of them span what was seen
export const COVER_BYTES = 8776; // COVER_COUNTS + 2 * 4 * COVER_BINS

// ---- Writing: what writeRows knows.
export const WRITE_SECOND = 0; // i64: key of the second whose text is held
export const WRITE_DAY = 8; // i64: key of the midnight from which its clock counts
export const WRITE_LOW = 16; // i64: keys for which that midnight holds: from
export const WRITE_HIGH = 24; // to before
export const WRITE_POSITION = 32; // next free byte of the output
export const WRITE_LIMIT = 36;
export const WRITE_WHY = 40; // one of WHY_…
export const WRITE_DIGITS = 44;
export const WRITE_UNIT = 48; // instants that are no multiple are left to the caller; 1: none is
export const WRITE_LENGTH = 52; // of the stamp
export const WRITE_TEXT = 64; // 48 bytes: the stamp, its fraction as zeros
export const WRITE_FORMS = 112; // for each source: address and length of what stands before the stamp, and behind it
export const FORM_BODY = 16; // address of what its records are made of, or 0: they are left to the caller
export const FORM_ROOM = 20; // bytes that a record may take beside its prefix and its own bytes
export const FORM_BYTES = 24;
export const STAMP_SPACE = 48;

/** Why writing stopped. */
export const WHY_DONE = 0;
export const WHY_LEFT = 1; // the row is left to the caller
export const WHY_FULL = 2; // there is no room left
export const WHY_KEY = 3; // the key lies on another day
export const WHY_FINER = 4; // the stamp needs more digits

/** What is written behind the prefix. */
export const BODY_LINE = 0; // the record's bytes
export const BODY_PARTS = 1; // what the body of its source says, which begins with its kind
export const BODY_KIND = 0;
export const KIND_MEMBERS = 0; // the members of an object, one of them left out
export const KIND_CELLS = 1; // the fields of a delimited record, as cells
export const KIND_MESSAGE = 2; // the record whole, as a JSON string
export const KIND_MESSAGE_CELL = 3; // the record whole, as a cell
export const KIND_NAMED = 4; // the fields of a delimited record, as members
export const KIND_PICKED = 5; // some members of an object, as cells

// ---- Members: what putMembers knows of a source.
export const MEMBERS_DROP = 4; // 1: the member at the top whose value is the stamp is left out
export const MEMBERS_AT_TOP = 8; // 1: stamps are values of members at the top, and nowhere else
export const MEMBERS_STARTS = 12; // the first two bytes of the names that are ours, which are two at most
export const MEMBERS_OWN = 16; // how many they are: members called so are left to the caller
export const MEMBERS_NAMES = 20; // of each, its address and its length

// ---- Fields: what findFields knows of the delimited records of a source.
export const FIELDS_DELIMITER = 4; // between them
export const FIELDS_QUOTE = 8; // NO_BYTE where quotes mean nothing
export const FIELDS_COUNT = 12; // how many a record must have
export const FIELDS_SPANS = 16; // address of room for their spans: two words each, and a third: one of FIELD_…
export const SPAN_BYTES = 12;
export const FIELD_BARE = 0; // not in quotes
export const FIELD_QUOTED = 1; // in quotes, without them
export const FIELD_DOUBLED = 2; // the same, and quotes stand twice in it

// ---- Cells: what putCells knows of a source, behind that.
export const CELLS_WRITTEN = 20; // the delimiter that is written
export const CELLS_COUNT = 24; // how many cells are written
export const CELLS_REST = 28; // 0, or one more than the empty cells behind all fields but the first, where that is what is written
export const CELLS_MAP = 32; // for each of them, its field, or -1

// ---- Named fields: what putNamed knows of a source, behind what findFields knows.
export const NAMED_COUNT = 20; // how many fields are written
export const NAMED_FIELDS = 24; // for each of them its index, and the address and length of what stands before its text
export const NAMED_BYTES = 12;

// ---- Picked members: what putPicked knows of a source.
export const PICKED_WRITTEN = 4; // the delimiter that is written
export const PICKED_COUNT = 8; // how many cells are written
export const PICKED_SPANS = 12; // address of room for their spans, two words each
export const PICKED_CELLS = 16; // for each of them: the address of its names, and how many there are
export const PICKED_BYTES = 8;
export const PICKED_NAME = 8; // of a name: its address, and its length

// ---- Messages: what putMessage knows of a source.
export const MESSAGE_LEAD = 4; // address and length of what stands before the text
export const MESSAGE_TAIL = 12; // and behind it
export const MESSAGE_DELIMITER = 20; // of cells
export const MESSAGE_BYTES = 24;
export const NO_BYTE = 256;
