import { compressionByName } from '../output/index.ts';
import type { MergeRequest } from '../request.ts';
import type { Combination } from './combination.ts';

const NEEDS_FOLLOW = {
  from: '--from',
  watermarkDelay: '--watermark-delay',
  idleTimeout: '--idle-timeout',
  reportInterval: '--report-interval',
} as const;

type Timing = keyof typeof NEEDS_FOLLOW;

/** Slots are compressed when they are complete; what else is written grows. */
const isCompressed = ({ compress, output, splitBy, ...others }: MergeRequest): boolean => {
  const sides = [others.lateOutput, others.rejects, others.duplicates];
  const named = compress === undefined && splitBy === undefined ? [output, ...sides] : sides;
  const byName = named.some((file) => file !== undefined && compressionByName(file) !== undefined);
  return byName || (compress !== undefined && compress !== 'none' && splitBy === undefined);
};

/** Which options do not go together with --follow, or without it. */
export const FOLLOW_COMBINATIONS: readonly Combination[] = [
  ...(Object.keys(NEEDS_FOLLOW) as Timing[]).map((field) => ({
    option: NEEDS_FOLLOW[field],
    what: 'has a meaning only with --follow',
    hint: 'add --follow',
    given: (r: MergeRequest) => !r.follow && r[field] !== undefined,
  })),
  {
    option: '--report-interval',
    what: 'has no file to write to',
    hint: 'add --report FILE',
    given: (r) => r.reportInterval !== undefined && r.report === undefined,
  },
  {
    option: '--checkpoint-interval',
    what: 'has a meaning only with --follow and --state',
    hint: 'add them',
    given: (r) => r.checkpointInterval !== undefined && !(r.follow && r.state !== undefined),
  },
  {
    option: '--final',
    what: 'a run that follows its sources leaves what is unfinished to the next one',
    hint: 'leave out one of the two',
    given: (r) => r.follow && r.final,
  },
  {
    option: '--allowed-lateness',
    what: 'has a meaning only with --follow and --split-by',
    hint: 'add them',
    given: (r) => r.allowedLateness !== undefined && !(r.follow && r.splitBy !== undefined),
  },
  {
    option: '--follow',
    what: 'what is compressed shows records only when more have come',
    hint: 'leave out the compression',
    given: (r) => r.follow && isCompressed(r),
  },
  {
    option: '--files-from',
    what: 'a list of paths is not followed',
    hint: 'name the sources, or a glob',
    given: (r) => r.follow && r.filesFrom !== undefined,
  },
];
