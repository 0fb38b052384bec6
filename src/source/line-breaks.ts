/** Takes bytes piece by piece, and gives what is made of them. */
export interface Pieces {
  write(bytes: Buffer): Uint8Array;
  end(): Uint8Array;
}

/** Text in which several records stand on one line. */
export interface LineBreaks {
  /** What they are, for --explain. */
  what: string;
  /** Whether the beginning of a text has some. */
  isIn(head: Uint8Array): boolean;
  /** Gives the text with LF between them, and otherwise as it is. */
  createPieces(): Pieces;
}

const LF = 10;
const BREAK = Uint8Array.of(LF);
const NOTHING = Buffer.alloc(0);

/** Between the events that the Event Viewer of Windows saves as XML, all on one line. */
const EVENT_END = '</Event>';
const BETWEEN_EVENTS = `${EVENT_END}<Event`;

class EventPieces implements Pieces {
  #rest: Buffer = NOTHING;

  write(bytes: Buffer): Uint8Array {
    const all = Buffer.concat([this.#rest, bytes]);
    const given: Uint8Array[] = [];
    let from = 0;
    for (let at = all.indexOf(BETWEEN_EVENTS); at >= 0; at = all.indexOf(BETWEEN_EVENTS, from)) {
      given.push(all.subarray(from, at + EVENT_END.length), BREAK);
      from = at + EVENT_END.length;
    }
    const to = Math.max(from, all.length - BETWEEN_EVENTS.length + 1);
    this.#rest = all.subarray(to);
    return Buffer.concat([...given, all.subarray(from, to)]);
  }

  end(): Uint8Array {
    return this.#rest;
  }
}

/** How a frame of syslog over TCP begins: its length, and the priority of the message (RFC 6587 section 3.4.1). */
const FRAME = /^(\d{1,7}) </;
/** What such a beginning takes at most. */
const LONGEST_BEGINNING = 9;

/** Ends every frame that does not end in LF with one. What is no frame, and all behind it, stays as it is. */
class FramePieces implements Pieces {
  #rest: Buffer = NOTHING;
  /** Bytes of the frame at hand that are still to come; infinite behind what is none. */
  #left = 0;
  #last = LF;

  write(bytes: Buffer): Uint8Array {
    return this.#take(Buffer.concat([this.#rest, bytes]), LONGEST_BEGINNING);
  }

  end(): Uint8Array {
    return this.#take(this.#rest, 1);
  }

  /** @param least bytes that are needed to tell how a frame begins */
  #take(all: Buffer, least: number): Uint8Array {
    const given: Uint8Array[] = [];
    let p = 0;
    while (p < all.length) {
      if (this.#left === 0 && all[p] !== LF) {
        if (all.length - p < least) break;
        if (this.#begin(all.toString('latin1', p, p + LONGEST_BEGINNING))) given.push(BREAK);
      }
      const to = Math.min(all.length, p + Math.max(1, this.#left));
      given.push(all.subarray(p, to));
      this.#left = Math.max(0, this.#left - (to - p));
      this.#last = all[to - 1];
      p = to;
    }
    this.#rest = all.subarray(p);
    return Buffer.concat(given);
  }

  /** Takes what stands where a frame may begin. Whether the one before it has no line end. */
  #begin(text: string): boolean {
    const [, length] = FRAME.exec(text) ?? [];
    this.#left = length === undefined ? Number.POSITIVE_INFINITY : length.length + 1 + Number(length);
    return length !== undefined && this.#last !== LF;
  }
}

export const LINE_BREAKS: readonly LineBreaks[] = [
  {
    what: 'events on one line',
    isIn: (head) => head[0] === 60 && Buffer.from(head).includes(BETWEEN_EVENTS),
    createPieces: () => new EventPieces(),
  },
  {
    what: 'frames of syslog',
    isIn: (head) => FRAME.test(Buffer.from(head.subarray(0, LONGEST_BEGINNING)).toString('latin1')) && isBroken(head),
    createPieces: () => new FramePieces(),
  },
];

function isBroken(head: Uint8Array): boolean {
  return broken(head, new FramePieces()).length > head.length;
}

/** Bytes with the breaks that they lack. */
export function broken(bytes: Uint8Array, pieces: Pieces): Uint8Array {
  return Buffer.concat([pieces.write(Buffer.from(bytes)), pieces.end()]);
}
