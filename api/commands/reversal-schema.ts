import { z } from 'zod';
import { currencyCode, minorUnits, rfc3339 } from '../http/common.ts';

/** What was taken back of a special-case transfer, of an order or of none. */
export const reversalResource = z
  .object({
    id: z.string().describe("Stripe's id (trr_…)."),
    object: z.literal('transfer_reversal'),
    amount: minorUnits.describe('Taken back, in minor units.'),
    currency: currencyCode,
    created: rfc3339.describe('When it was made at Stripe.'),
  })
  .meta({ id: 'TransferReversal' });
