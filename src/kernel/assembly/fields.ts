import {
  FIELD_BARE,
  FIELD_DOUBLED,
  FIELD_QUOTED,
  FIELDS_COUNT,
  FIELDS_DELIMITER,
  FIELDS_QUOTE,
  SPAN_BYTES,
} from '../layout';
import { nextStop, seekStops } from './stops';

const QUOTE: u8 = 34;

/** Whether quotes stand twice in the field in quotes read last. */
let doubled = false;

/** Notes where the fields of [start, stop) stand, without their quotes. Whether they are as many as they should be, and plain. */
export function findFields(body: usize, spans: usize, start: usize, stop: usize): bool {
  const delimiter = load<u32>(body, FIELDS_DELIMITER);
  const quote = load<u32>(body, FIELDS_QUOTE);
  const fields = load<u32>(body, FIELDS_COUNT);
  seekStops(start, <u8>delimiter, <u8>quote, <u8>delimiter);
  let field = start;
  for (let i: u32 = 0; i < fields; i++) {
    let at = nextStop(stop);
    const quoted = field < stop && load<u8>(field) === quote;
    if (quoted) {
      at = closingQuote(stop);
      if (at >= stop || (at + 1 < stop && load<u8>(at, 1) !== delimiter)) return false;
      note(spans, i, field + 1, at, doubled ? FIELD_DOUBLED : FIELD_QUOTED);
      at = at + 1 < stop ? nextStop(stop) : stop;
    } else {
      while (at < stop && load<u8>(at) !== delimiter) at = nextStop(stop);
      if (at > stop) at = stop;
      note(spans, i, field, at, FIELD_BARE);
    }
    if (at >= stop) return i + 1 === fields;
    field = at + 1;
  }
  return false;
}

/** The quote that closes the field whose opening quote was the last stop; quotes inside stand twice, which DOUBLED tells. */
function closingQuote(stop: usize): usize {
  let at = nextQuote(stop);
  doubled = false;
  while (at + 1 < stop && load<u8>(at, 1) === QUOTE) {
    nextStop(stop);
    doubled = true;
    at = nextQuote(stop);
  }
  return at;
}

function nextQuote(stop: usize): usize {
  let at = nextStop(stop);
  while (at < stop && load<u8>(at) !== QUOTE) at = nextStop(stop);
  return at;
}

function note(spans: usize, i: u32, from: usize, to: usize, kind: u32): void {
  const span = spans + <usize>i * SPAN_BYTES;
  store<u32>(span, from);
  store<u32>(span, to, 4);
  store<u32>(span, kind, 8);
}
