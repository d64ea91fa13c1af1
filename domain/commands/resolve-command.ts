import { z } from 'zod';
import { RESOLVE_ACTIONS } from '../attention/attention.ts';
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
