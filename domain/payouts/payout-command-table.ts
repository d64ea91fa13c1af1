import { z } from 'zod';
import type { CommandEnvelope } from '../commands/command.ts';
import type { BodyOf } from '../commands/define-command.ts';
import { defineCommand } from '../commands/define-command.ts';
import { field } from '../commands/fields.ts';
import { resolveCommand } from '../commands/resolve-command.ts';

/** Every command that an existing payout takes. Frozen as the fields of commands are. */
export const PAYOUT_COMMANDS = Object.freeze({
  cancel: defineCommand('cancel', {
    description: 'Cancel a payout that waits for funds, or that its bank does not have yet',
    update: 'cancel',
    isSignal: true,
    role: 'ops',
    path: 'cancel',
    message: z.strictObject({ reason: field.reason.optional() }).meta({ id: 'PayoutCancel', example: {} }),
  }),
  resolve: resolveCommand('Resolve a payout that failed or is stuck'),
});

type Commands = typeof PAYOUT_COMMANDS;
export type PayoutCommandBody = { [Kind in keyof Commands]: BodyOf<Commands[Kind]> }[keyof Commands];
export type PayoutCommand = CommandEnvelope & PayoutCommandBody;

/** Its creation, or a later command: what may wait for another person. */
export type HeldPayoutCommand = PayoutCommand | (CommandEnvelope & { readonly kind: 'pay_out' });
