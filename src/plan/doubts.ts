import type { Warn } from '../core/problem.ts';
import type { SourcePlan } from '../plan.ts';

/** Says, once for each source, what its text does not decide. */
export function sayDoubts(sources: readonly SourcePlan[], warn: Warn): void {
  for (const { label, stamp } of sources) {
    if (stamp?.doubt !== undefined) warn({ code: 'ambiguous', where: label, ...stamp.doubt });
  }
  sayNaive(sources, warn);
}

/** Stamps without a zone beside sources that name theirs: the likeliest wrong instants of all. */
function sayNaive(sources: readonly SourcePlan[], warn: Warn): void {
  const dated = sources.filter((source) => source.stamp !== undefined);
  const naive = dated.filter(({ stamp }) => stamp?.naive && stamp.zoneFrom === 'default');
  if (naive.length === 0 || dated.every(({ stamp }) => stamp?.naive)) return;
  const names = naive.map(({ label }) => label);
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  warn({
    code: 'ambiguous',
    where: shown.join(', '),
    what: 'the stamps name no zone and were read as UTC, while those of other sources name theirs',
    hint: `give --tz, e.g. --tz '${naive[0]?.path}=Europe/Berlin', or --tz UTC`,
  });
}
