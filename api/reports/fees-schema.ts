import { z } from 'zod';
import { currencyCode, listOf, minorUnits, rfc3339 } from '../http/common.ts';

const amounts = z.object({
  currency: currencyCode,
  amount: minorUnits.describe('What the platform kept, in minor units.'),
  refunded: minorUnits.meta({ description: 'What refunds gave back of it, in minor units.' }),
  net: minorUnits.describe('amount less refunded, in minor units.'),
});

const feeResource = z
  .object({
    id: z.string().meta({ description: 'The transfer that split the sale.' }),
    object: z.literal('platform_fee'),
    type: z.enum(['application_fee', 'destination_platform_fee']).meta({
      description: 'destination_platform_fee: what was captured less transfer_data[amount].',
    }),
    order: z.string().nullable().describe('The order, if Waybill made the sale or adopted it.'),
    connected_account: z.string().describe('Who was paid (acct_…).'),
    payment_intent: z.string().nullable().describe('The payment (pi_…).'),
    charge: z.string().describe('The charge (ch_…).'),
    application_fee: z.string().nullable().describe('The application fee (fee_…), if it is one.'),
    charged: amounts.meta({ description: 'In the currency of the sale.' }),
    settled: amounts.meta({ description: "As it changed the platform's balance, before Stripe's own fee." }),
    created: rfc3339.meta({ description: 'When the sale was split: at capture.' }),
  })
  .meta({ id: 'PlatformFee', description: 'What the platform kept of one destination charge.' });

export const feeList = listOf(feeResource, 'PlatformFeeList');

const totals = z.array(amounts);

export const feeTotalsResource = z
  .object({
    object: z.literal('platform_fee_totals'),
    count: z.int().describe('How many sales.'),
    charged: totals.meta({ description: 'By currency of the sale.' }),
    settled: totals.meta({ description: 'By currency of settlement.' }),
    by_account: z
      .array(
        z.object({
          connected_account: z.string().describe('Who was paid (acct_…).'),
          count: z.int().describe('How many sales.'),
          charged: totals.describe('By currency of the sale.'),
          settled: totals.describe('By currency of settlement.'),
        }),
      )
      .describe('The same for each connected account.'),
  })
  .meta({ id: 'PlatformFeeTotals' });

export type FeeResource = z.output<typeof feeResource>;
export type FeeTotalsResource = z.output<typeof feeTotalsResource>;
