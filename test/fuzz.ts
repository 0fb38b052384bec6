import { fuzz } from './helpers/fuzz.ts';

/** `npm run fuzz -- --minutes N [--seed S]`: gives inputs that nobody would write to the whole command for so long. */
const numberOf = (name: string): number | undefined => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : Number(process.argv[at + 1]);
};

const end = Date.now() + (numberOf('--minutes') ?? 1) * 60_000;
const count = await fuzz(numberOf('--seed') ?? Date.now(), () => Date.now() < end);
console.log(`${count} inputs: only documented errors, every record and line accounted for, memory kept`);
