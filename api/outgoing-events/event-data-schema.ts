import { z } from 'zod';
import { ORDER_STATUSES } from '../../domain/orders/order-statuses.ts';
import type { EventKind } from '../../domain/outgoing-events/event-types.ts';
import { accountResource } from '../accounts/account-schema.ts';
import { currencyCode, fundsResource, livemode, metadataPairs, minorUnits, rfc3339 } from '../http/common.ts';
import { disputeResource } from '../orders/dispute-schema.ts';
import { completeness } from '../orders/order-schema.ts';
import { payoutResource } from '../payouts/payout-schema.ts';
import { differenceResource, reconciliationResource } from '../reconciliation/reconciliation-schema.ts';
import { transferResource } from '../transfers/transfer-schema.ts';

/** What the data of every event has besides the object itself. */
const ofEvery = {
  subject: z.string().nullable().meta({
    description:
      'The Stripe object that the event is about: a refund, a transfer, a dispute, a payout. Null: the whole.',
  }),
  sequence: z.int().meta({ description: 'A number that rises with each event of the same object.' }),
};

const order = z
  .object({
    id: z.string().describe("The order's id."),
    object: z.literal('order'),
    status: z.enum(ORDER_STATUSES).describe('Where the payment stood.'),
    amount: minorUnits.describe('In minor units.'),
    currency: currencyCode,
    amount_captured: minorUnits.describe('In minor units.'),
    amount_refunded: minorUnits.describe('In minor units.'),
    complete: completeness,
    connected_account: z.string().describe('The account that is paid (acct_…).'),
    customer: z.string().nullable().describe("The customer's id at Stripe (cus_…), if there was one."),
    metadata: metadataPairs,
    funds: fundsResource,
    payment_intent: z.string().nullable().describe('The PaymentIntent (pi_…), if there was one.'),
    needs_attention: z.string().nullable().describe('The code of what needed attention. Null: nothing.'),
    disputes: z.array(disputeResource).describe('Oldest first.'),
    notices: z.array(z.string()).describe('The codes of its notices.'),
    livemode: livemode,
    ...ofEvery,
  })
  .meta({ id: 'OrderEventData', description: 'The order when it happened, as it is sent.' });

const payout = payoutResource
  .extend(ofEvery)
  .meta({ id: 'PayoutEventData', description: 'The payout when it happened, as it is sent.' });

const transfer = transferResource.extend(ofEvery).meta({
  id: 'TransferEventData',
  description: 'The transfer when it happened, as it is sent. `reversals` has those that Waybill knew then.',
});

const account = accountResource
  .omit({ external_accounts: true })
  .extend({ livemode: livemode, ...ofEvery })
  .meta({
    id: 'AccountEventData',
    description: 'The account when it happened, as it is sent: without its bank accounts and cards.',
  });

const reconciliation = z
  .object({
    id: z.literal('last'),
    object: z.literal('reconciliation'),
    report: reconciliationResource
      .omit({ differences: true, livemode: true })
      .extend({ differences: z.array(differenceResource).describe('The oldest 20.') })
      .nullable()
      .describe('Of the last run that compared everything. Null: none has yet.'),
    failure: z
      .object({
        at: rfc3339.describe('When that run began.'),
        message: z.string().describe('What went wrong.'),
      })
      .nullable()
      .describe('Of a later run that found nothing out. Null: none failed.'),
    ...ofEvery,
  })
  .meta({ id: 'ReconciliationEventData', description: 'The last reconciliation when it happened.' });

/** What is sent about an object of each kind. */
export const EVENT_DATA = {
  order,
  payout,
  transfer,
  account,
  reconciliation,
} satisfies Record<EventKind, z.ZodType>;
