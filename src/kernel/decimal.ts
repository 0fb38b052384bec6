/** Most digits that pokeDecimal writes: 2^53 has 16. */
export const DECIMAL_ROOM = 16;

/** Writes a whole number from 0 to 2^53 in decimal at bytes[at …]. Returns its end. */
export function pokeDecimal(bytes: Uint8Array, at: number, value: number): number {
  let digits = 1;
  for (let bound = 10; bound <= value; bound *= 10) digits++;
  let rest = value;
  for (let i = at + digits - 1; i >= at; i--) {
    const tenth = Math.floor(rest / 10);
    bytes[i] = 48 + (rest - tenth * 10);
    rest = tenth;
  }
  return at + digits;
}
