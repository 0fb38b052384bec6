import { crash } from './helpers/crash.ts';

/** `npm run crash -- --minutes N [--seed S]`: kills real processes for so long, a history after the other. */
const numberOf = (name: string): number | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
};

const end = Date.now() + (numberOf('--minutes') ?? 1) * 60_000;
let seed = numberOf('--seed') ?? Date.now();
let ended = 0;
let histories = 0;
do {
  ended += await crash(seed++, (round) => round < 30);
  histories++;
} while (Date.now() < end);
console.log(`${histories} histories, ${ended} processes ended; every record once, slots as in one merge`);
