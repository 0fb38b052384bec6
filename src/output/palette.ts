import { Chalk, type ColorSupportLevel } from 'chalk';

/** What switches a colour on and off again. */
export interface Colour {
  open: string;
  close: string;
}

/** The colour of the n-th label, counted from 0; they come round again. */
export type Palette = (label: number) => Colour;

/** Told apart on dark and light backgrounds; no red, which reads as an error, and no blue, which black swallows. */
const COLOURS = ['cyan', 'green', 'yellow', 'magenta', 'cyanBright', 'greenBright', 'magentaBright'] as const;

/**
 * The palette for a colour level: 0 none … 3 millions. The caller decides the level: chalk's own guess ignores NO_COLOR
 * and takes an empty FORCE_COLOR for a wish.
 */
export function createPalette(level: ColorSupportLevel): Palette {
  const chalk = new Chalk({ level });
  const colours = COLOURS.map((name): Colour => {
    const [open = '', close = ''] = chalk[name]('|').split('|');
    return { open, close };
  });
  return (label) => colours[label % colours.length];
}

/** No colours. */
export const plainPalette: Palette = () => ({ open: '', close: '' });
