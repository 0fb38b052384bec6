import type { ColorLevel } from '../request.ts';

export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * How many colours to write with: --color, then NO_COLOR (no-color.org: set and not empty), then FORCE_COLOR, then the
 * terminal and its TERM. Decided here because chalk heeds no NO_COLOR on a terminal and takes an empty FORCE_COLOR for yes.
 */
export function decideColor(choice: ColorChoice, env: Env, isTerminal: boolean): ColorLevel {
  if (choice === 'never') return 0;
  if (choice === 'always') return depthOf(env);
  if (env.NO_COLOR) return 0;
  if (env.FORCE_COLOR) return forcedLevel(env.FORCE_COLOR, env);
  return isTerminal && env.TERM !== 'dumb' ? depthOf(env) : 0;
}

const FORCED: Readonly<Record<string, ColorLevel>> = { '0': 0, false: 0, '1': 1, '2': 2, '3': 3 };

const forcedLevel = (value: string, env: Env): ColorLevel => FORCED[value] ?? depthOf(env);

function depthOf(env: Env): ColorLevel {
  if (env.COLORTERM === 'truecolor' || env.COLORTERM === '24bit') return 3;
  return env.TERM?.includes('256color') ? 2 : 1;
}
