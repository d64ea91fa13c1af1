import { z } from 'zod';
import { minorUnits, rfc3339 } from '../http/common.ts';

/** What was taken back of a special-case transfer, of an order or of none. */
export const reversalResource = z
  .object({
    id: z.string(),
    object: z.literal('transfer_reversal'),
    amount: minorUnits,
    currency: z.string(),
    created: rfc3339,
  })
  .meta({ id: 'TransferReversal' });
