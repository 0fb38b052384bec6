import type { Memory } from '../core/memory.ts';
import type { Output } from '../core/stages.ts';

/** A text that lies in the memory because it is written again and again: copying it inside takes half of what appending it takes. */
export interface Placed {
  from: number;
  to: number;
}

/** Puts texts into a region of the memory. @throws TsalignError 'too-large' where there is no room. */
export function placeTexts(memory: Memory, texts: readonly string[]): Placed[] {
  const pieces = texts.map((text) => Buffer.from(text));
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  let at = total === 0 ? 0 : memory.regions.take(total);
  return pieces.map((piece) => {
    memory.bytes.set(piece, at);
    const from = at;
    at += piece.length;
    return { from, to: at };
  });
}

/** Appends a placed text. */
export const putPlaced = (placed: Placed, out: Output): void => out.copy(placed.from, placed.to);
