import { z } from 'zod';
import { STRIPE_PAYOUT_STATUSES } from '../../domain/payouts/payout.ts';
import { currencyCode, minorUnits, rfc3339 } from '../http/common.ts';

/** What one payout carried of an order, or what none has carried. */
const orderPayoutResource = z
  .object({
    object: z.literal('order_payout'),
    connected_account: z.string().describe('Whose money it is (acct_…).'),
    payout: z
      .object({
        id: z.string().describe("Stripe's id (po_…)."),
        status: z
          .enum(STRIPE_PAYOUT_STATUSES)
          .describe('Where it stands. failed: what it carried came back to the balance.'),
        amount: minorUnits.describe('Of the whole payout, in minor units.'),
        arrival_date: rfc3339.describe('When the bank should have it.'),
        paid_again_by: z
          .string()
          .nullable()
          .describe('After it failed: the automatic payout that carried the money again (po_…).'),
      })
      .nullable()
      .describe(
        'The automatic payout. Null: none has carried it, so that it is on the balance, or a manual payout took it.',
      ),
    amount: minorUnits.describe('What is in it of the order, in minor units; negative: it was taken back.'),
    currency: currencyCode,
    available_on: rfc3339.describe('When the last of it is available, or was.'),
    balance_transactions: z.array(z.string()).describe("The account's transactions of it (txn_…)."),
  })
  .meta({ id: 'OrderPayout' });

export const orderPayoutsResource = z
  .object({
    object: z.literal('list'),
    url: z.string().describe('The path of this list.'),
    has_more: z.literal(false),
    data: z
      .array(orderPayoutResource)
      .describe("By payout and currency. They add up to the order's `funds.connected`."),
  })
  .meta({ id: 'OrderPayouts' });

export type OrderPayout = z.output<typeof orderPayoutResource>;
export type OrderPayoutsResource = z.output<typeof orderPayoutsResource>;
