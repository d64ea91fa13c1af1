import { z } from 'zod';
import type { CommandEnvelope } from '../commands/command.ts';
import type { BodyOf } from '../commands/define-command.ts';
import { defineCommand } from '../commands/define-command.ts';
import { field } from '../commands/fields.ts';
import { resolveCommand } from '../commands/resolve-command.ts';

/** Every command of a special-case transfer with no order, once it is paid. Frozen: see {@link field}. */
export const TRANSFER_COMMANDS = Object.freeze({
  reverse_transfer: defineCommand('reverse_transfer', {
    description: 'Reverse a transfer without an order, in whole or in part',
    update: 'reverse',
    // A paid transfer's workflow has ended: the API reopens it.
    isSignal: false,
    role: 'ops',
    path: 'reversals',
    message: z
      .strictObject({
        amount: field.amount
          .optional()
          .meta({ description: "Minor units of the transfer's currency. All that is left when absent." }),
        reason: field.reason
          .optional()
          .describe('Why, for the timeline, and as the description of the reversal at Stripe.'),
      })
      .meta({ id: 'TransferReverse', example: { amount: 50, reason: 'Paid too much' } }),
  }),
  resolve: resolveCommand('Resolve a stuck transfer'),
});

type Commands = typeof TRANSFER_COMMANDS;
export type TransferCommandBody = { [Kind in keyof Commands]: BodyOf<Commands[Kind]> }[keyof Commands];
/** What comes after its payment. */
export type TransferCommand = CommandEnvelope & TransferCommandBody;
