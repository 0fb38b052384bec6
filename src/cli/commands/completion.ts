import { suggestion } from '../../core/registry.ts';
import { NOTHING_ASKED } from '../../request.ts';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { SHELLS, type Shell } from '../completion/shells.ts';
import { type Lists, zoneNames } from '../completion/values.ts';
import { zshScript } from '../completion/zsh.ts';
import { EXIT } from '../exit-codes.ts';
import { usage } from '../given.ts';
import type { Invocation } from './index.ts';

const SCRIPTS: Readonly<Record<Shell, (lists: Lists) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/** `tsalign completion`: a script for a shell, made of the same tables as help. */
export async function completion({ operands, io, library }: Invocation): Promise<number | undefined> {
  const [word, ...more] = operands;
  if (word === undefined) return undefined;
  const shell = SHELLS.find((each) => each === word);
  if (shell === undefined) throw usage(word, 'no completion for this shell', suggestion(word, SHELLS));
  if (more.length > 0) throw usage(more.join(' '), 'one shell at a time', `tsalign completion ${shell}`);
  const { listFormats } = await library();
  const rows = await listFormats(NOTHING_ASKED, io);
  const formats = rows.flatMap(({ name, aliases }) => [name, ...aliases]);
  io.writeOut(SCRIPTS[shell]({ zones: zoneNames(), formats }));
  return EXIT.done;
}
