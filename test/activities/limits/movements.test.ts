import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import type { MoneyOutOperation } from '../../../activities/limits/movements.ts';
import { movementOf } from '../../../activities/limits/movements.ts';

const CHARGE = { id: 'ch_1', amount: 1_000, amount_captured: 600, currency: 'usd', transfer_data: null };
/** What a partial capture let go, as Stripe's versions before 2025-03-31 list it. */
const RELEASE = {
  id: 're_released',
  amount: 400,
  status: 'succeeded',
  destination_details: { card: { type: 'reversal' } },
  balance_transaction: null,
};
const GIVEN = { id: 're_1', amount: 250, status: 'succeeded', balance_transaction: { id: 'txn_1' } };
const ALL_THAT_IS_LEFT = { operation: 'refund', charge: 'ch_1' } as MoneyOutOperation;

function stripeWith(charge: object, refunds: readonly object[]): Stripe {
  return {
    charges: { retrieve: async () => ({ ...CHARGE, ...charge }) },
    refunds: {
      list: async function* () {
        yield* refunds;
      },
    },
  } as unknown as Stripe;
}

it.each([
  ['counts what the capture let go as refunded', { amount_refunded: 650 }, [RELEASE, GIVEN]],
  ['does not count it', { amount_refunded: 250 }, [GIVEN]],
])(
  'all that is left of a payment captured in part is what was captured and not given back, where Stripe %s',
  async (_, charge, refunds) => {
    const outflow = await movementOf(stripeWith(charge, refunds), ALL_THAT_IS_LEFT);
    expect(outflow).toEqual({ what: 'refund', amount: 350, currency: 'usd', account: null });
  },
);
