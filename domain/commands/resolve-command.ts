import { z } from 'zod';
import { RESOLVE_ACTIONS } from '../attention/attention.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { msOf } from '../rfc3339.ts';
import type { BodyOf } from './define-command.ts';
import { defineCommand } from './define-command.ts';
import { field } from './fields.ts';

const message = z
  .strictObject({
    action: z.enum(RESOLVE_ACTIONS).describe("One of the object's `allowed_actions`."),
    stripe_id: field.anyStripeId.optional().meta({
      description:
        'With mark_done: the Stripe object that shows the effect. About a notice or an approval: its subject, if there are several.',
    }),
    as_of: field.time.optional().meta({
      description:
        'What began after this is not meant: the newest `since` that you saw. Without it the decision is about what is there when it comes.',
    }),
    reason: field.reason,
  })
  .meta({ id: 'Resolve', example: { action: 'retry', reason: 'The cause is fixed' } });

/** An operator's decision: every object that may get stuck takes it. */
export function resolveCommand(description: string) {
  return defineCommand('resolve', {
    description,
    update: 'resolve',
    isSignal: true,
    role: 'ops',
    path: 'resolve',
    message,
  });
}

export type Resolve = BodyOf<ReturnType<typeof resolveCommand>>;

/** What began later is not what the decision is about, in milliseconds since the epoch. */
export function seenUntil({ as_of: asOf }: Pick<Resolve, 'as_of'>): number {
  return asOf === undefined ? Number.POSITIVE_INFINITY : msOf(asOf);
}

/** Why a decision is not taken about what its sender cannot have seen. */
export function problemOfUnseen({ action, as_of: asOf }: Pick<Resolve, 'action' | 'as_of'>): Problem {
  const why = `What ${action} is about by now came after ${asOf}: look at it first.`;
  return problem('state_conflict', why, { param: 'as_of' });
}
