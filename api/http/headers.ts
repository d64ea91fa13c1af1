import { z } from 'zod';
import { textUpTo } from './fields.ts';

const KEY_LENGTH_MAX = 255;
const WAIT_SECONDS_DEFAULT = 10;
const WAIT_SECONDS_MAX = 60;

export interface WaitPreference {
  readonly seconds: number;
  /** The caller asked for it; the answer says that it was applied. */
  readonly asked: boolean;
}

/** Headers of every request that must not count twice. */
export const idempotencyHeaders = z.object({
  'Idempotency-Key': textUpTo(KEY_LENGTH_MAX, {
    error: ({ input }) =>
      input === undefined ? 'is required: it makes a repeat of this request harmless' : undefined,
  }).meta({ description: 'Unique for this request among your own; a repeat gets the first answer.' }),
});

/** The same where a workflow may take its time. */
export const commandHeaders = idempotencyHeaders.extend({
  Prefer: z
    .string()
    .optional()
    .transform(waitPreference)
    .meta({
      type: 'string',
      description: `wait=N: seconds to wait for the outcome, ${WAIT_SECONDS_DEFAULT} by default, at most ${WAIT_SECONDS_MAX}; then 202.`,
      example: 'wait=10',
    }),
});

/** RFC 7240: a preference that is not understood is ignored. */
export function waitPreference(header: string | undefined): WaitPreference {
  const match = /(?:^|,)\s*wait\s*=\s*"?(\d{1,6})"?\s*(?:$|[,;])/i.exec(header ?? '');
  if (!match) return { seconds: WAIT_SECONDS_DEFAULT, asked: false };
  return { seconds: Math.min(Number(match[1]), WAIT_SECONDS_MAX), asked: true };
}
