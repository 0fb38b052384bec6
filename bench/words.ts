export type Random = () => number;

/** Text that messages are cut from. */
export interface Pool {
  /** Words and numbers, without anything that JSON or CSV would have to escape. */
  plain: Buffer;
  /** The same with commas. */
  commas: Buffer;
}

export const POOL_SIZE = 1 << 16;

const WORDS =
  'request connection user session upstream took ms retry cache miss hit for GET POST /api/items /health status 200 ' +
  '404 503 worker queue depth batch committed offset partition timeout after bytes sent received from to id= trace= ' +
  'payload schema order cart payment shipped customer account login failed accepted refused disk memory cpu percent';

/** Seeded words; cutting the pool anywhere gives a message that no other is likely to be equal to. */
export function makePool(random: Random): Pool {
  const words = WORDS.split(' ');
  let text = '';
  while (text.length < POOL_SIZE) {
    text += random() % 3 === 0 ? `${(random() % 100_000).toString(36)} ` : `${words[random() % words.length]} `;
  }
  const plain = Buffer.from(text.slice(0, POOL_SIZE), 'latin1');
  return { plain, commas: Buffer.from(plain.toString('latin1').replaceAll(' ', ', ').slice(0, POOL_SIZE), 'latin1') };
}

/** Marsaglia's xorshift32: whole numbers below 2^32, the same ones for the same seed. */
export function xorshift(seed: number): Random {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}
