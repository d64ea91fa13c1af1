import { z } from 'zod';
import type { CommandEnvelope } from '../commands/command.ts';
import type { BodyOf } from '../commands/define-command.ts';
import { defineCommand } from '../commands/define-command.ts';
import { field } from '../commands/fields.ts';
import { metadataChanges } from '../commands/metadata-fields.ts';
import { resolveCommand } from '../commands/resolve-command.ts';
import { notTogether } from '../commands/rules.ts';
import { TRANSFER_COMMANDS } from './transfer-command-table.ts';

/** Every command that an existing order takes. Frozen: see {@link field}. */
export const ORDER_COMMANDS = Object.freeze({
  confirm: defineCommand('confirm', {
    description: 'Try another payment method after a decline, or continue after 3-D Secure',
    update: 'confirm',
    // A new payment method comes from the customer, by the API.
    isSignal: false,
    role: 'service',
    path: 'confirm',
    message: z
      .strictObject({
        payment_method: field.paymentMethodId.optional().describe('A new payment method after a decline.'),
        token: field.tokenId.optional().describe('A one-off token after a decline.'),
      })
      .superRefine((body, context) => {
        if (body.payment_method !== undefined && body.token !== undefined) {
          context.addIssue({
            code: 'custom',
            path: ['token'],
            message: 'cannot be given together with payment_method',
          });
        }
      })
      .meta({
        id: 'OrderConfirm',
        example: { payment_method: 'pm_card_visa' },
        description: 'Empty when the customer is back from 3-D Secure.',
        allOf: [notTogether('payment_method', 'token')],
      }),
  }),
  capture: defineCommand('capture', {
    description: 'Capture what is authorized; the rest is released unless `final` is false',
    update: 'capture',
    isSignal: true,
    role: 'service',
    path: 'capture',
    message: z
      .strictObject({
        amount: field.amount
          .optional()
          .meta({ description: 'In minor units. All that is authorized when absent.' }),
        final: z.boolean().default(true).meta({
          description: 'Releases the rest. false: more is captured later, where card and account allow it.',
        }),
        reason: field.reason.optional(),
      })
      .meta({ id: 'OrderCapture', example: { amount: 1000 } }),
  }),
  increment: defineCommand('increment', {
    description: 'Raise the authorized amount, where card and account allow it',
    update: 'increment',
    isSignal: true,
    role: 'service',
    path: 'increment',
    message: z
      .strictObject({
        amount: field.amount.meta({ description: 'The new total, in minor units.' }),
        reason: field.reason.optional(),
      })
      .meta({ id: 'OrderIncrement', example: { amount: 1500 } }),
  }),
  update: defineCommand('update', {
    description: "Change the order's metadata, at Stripe too",
    update: 'update',
    isSignal: true,
    reopens: true,
    role: 'service',
    path: '',
    message: z
      .strictObject({
        metadata: metadataChanges().describe('Merged with what is there. An empty value removes its key.'),
      })
      .meta({ id: 'OrderUpdate', example: { metadata: { cart: '4711', note: '' } } }),
  }),
  cancel: defineCommand('cancel', {
    description: 'Cancel before capture; an authorization is released',
    update: 'cancel',
    isSignal: true,
    role: 'service',
    path: 'cancel',
    message: z
      .strictObject({
        reason: z
          .enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])
          .optional()
          .describe('Why, for Stripe.'),
      })
      .meta({ id: 'OrderCancel', example: { reason: 'requested_by_customer' } }),
  }),
  refund: defineCommand('refund', {
    description: 'Refund all or part; by default the platform bears it',
    update: 'refund',
    isSignal: true,
    reopens: true,
    role: 'ops',
    path: 'refunds',
    message: z
      .strictObject({
        amount: field.amount
          .optional()
          .meta({ description: 'In minor units. All that is left when absent.' }),
        reverse_transfer: z.boolean().default(false).meta({
          description: 'Take the share back from the connected account; otherwise the platform bears it.',
        }),
        refund_application_fee: z
          .boolean()
          .default(false)
          .meta({ description: 'Only with reverse_transfer.' }),
        reason: z
          .enum(['duplicate', 'fraudulent', 'requested_by_customer'])
          .optional()
          .describe('Why, for Stripe.'),
      })
      .meta({
        id: 'OrderRefund',
        example: { amount: 300, reverse_transfer: true, refund_application_fee: true },
      }),
  }),
  transfer: defineCommand('transfer', {
    description: "Make a special-case transfer out of this order's charge",
    update: 'transfer',
    isSignal: true,
    reopens: true,
    role: 'ops',
    path: 'transfers',
    message: z
      .strictObject({
        amount: field.amount.meta({ description: "Minor units of the order's settlement_currency." }),
        destination: field.account
          .optional()
          .meta({ description: "acct_…, or your own reference. The order's connected account when absent." }),
        description: field.description.describe('Your own text, shown in the Dashboard.'),
        reason: field.reason.optional(),
      })
      .meta({ id: 'OrderTransfer', example: { amount: 100, description: 'Bonus for a fast delivery' } }),
  }),
  reverse_transfer: defineCommand('reverse_transfer', {
    description: 'Reverse a special-case transfer of this order, in whole or in part',
    update: 'reverseTransfer',
    isSignal: true,
    reopens: true,
    role: 'ops',
    path: 'transfers/{transfer}/reversals',
    message: TRANSFER_COMMANDS.reverse_transfer.message.extend({ transfer: field.transferId }),
    body: TRANSFER_COMMANDS.reverse_transfer.message,
  }),
  submit_evidence: defineCommand('submit_evidence', {
    description: 'Keep evidence ready at Stripe, or submit it to the bank',
    update: 'submitEvidence',
    // Evidence is staged at Stripe, by the API.
    isSignal: false,
    role: 'ops',
    path: 'dispute/evidence',
    // Its text never enters a workflow: it may be personal.
    message: z.strictObject({
      dispute: field.disputeId.optional(),
      fields: z.array(z.string()).readonly().describe('Names of the fields that were staged.'),
      submit: z.boolean(),
      reason: field.reason.optional(),
    }),
  }),
  accept_dispute: defineCommand('accept_dispute', {
    description: 'Accept the dispute: it is lost at once and finally',
    update: 'acceptDispute',
    isSignal: true,
    role: 'ops',
    path: 'dispute/accept',
    message: z
      .strictObject({ dispute: field.disputeId.optional(), reason: field.reason.optional() })
      .meta({ id: 'DisputeAccept', example: {} }),
  }),
  resolve: resolveCommand('Resolve a stuck operation or a notice'),
});

type Commands = typeof ORDER_COMMANDS;
export type OrderCommandKind = keyof Commands;
/** What the command of that kind says. */
export type OrderCommandBody<Kind extends OrderCommandKind = OrderCommandKind> = {
  [Each in Kind]: BodyOf<Commands[Each]>;
}[Kind];
export type OrderCommand<Kind extends OrderCommandKind = OrderCommandKind> = CommandEnvelope &
  OrderCommandBody<Kind>;
