import { z } from 'zod';
import { DISPUTE_STATUSES } from '../../domain/orders/dispute.ts';
import { balances, currencyCode, minorUnits, rfc3339, transferReversal } from '../http/common.ts';

const recoveryResource = z
  .object({
    status: z
      .enum(['pending', 'recovered', 'refused', 'given_up'])
      .describe(
        'pending until the transfer is reversed; refused: Stripe refuses; given_up: an operator decided that the platform bears it.',
      ),
    attempts: z.int().describe('How often the reversal was tried.'),
    next_attempt_at: rfc3339.nullable().describe('When it is tried again. Null: it is not.'),
    transfer_reversal: transferReversal
      .nullable()
      .describe("What was taken back from the connected account, in the transfer's currency."),
    failure: z
      .object({
        code: z.string().describe('Stripe’s error code.'),
        message: z.string().describe('What Stripe said.'),
      })
      .nullable()
      .describe('Why the last try failed. Null: it did not.'),
  })
  .meta({ id: 'Recovery', description: 'How a lost dispute is taken back from the connected account.' });

export const disputeResource = z
  .object({
    id: z.string().describe("Stripe's id (dp_…)."),
    object: z.literal('dispute'),
    status: z.enum(DISPUTE_STATUSES).describe("Stripe's status."),
    amount: minorUnits.describe('Disputed, in minor units.'),
    currency: currencyCode,
    reason: z.string().describe("Why, by Stripe's names."),
    is_inquiry: z.boolean().meta({ description: 'The bank only asks; no money has moved.' }),
    evidence_due_by: rfc3339
      .nullable()
      .describe('Evidence is accepted until then. Null: no answer is expected.'),
    has_evidence: z.boolean().describe('Whether evidence is kept at Stripe.'),
    submission_count: z.int().describe('How often evidence was sent to the bank.'),
    withdrawn: balances.meta({ description: 'What is taken from the platform for the customer.' }),
    fee: balances.meta({ description: 'What Stripe charges for it.' }),
    platform: balances.meta({ description: "What it did to the platform's balance." }),
    recovery: recoveryResource.nullable(),
    created: rfc3339.describe('When the bank opened it.'),
  })
  .meta({ id: 'Dispute' });
