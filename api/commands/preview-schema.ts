import { z } from 'zod';
import { presentBalances } from '../../domain/money/present-balances.ts';
import type { Movement, Party } from '../../domain/orders/preview/movements.ts';
import { changeFor } from '../../domain/orders/preview/movements.ts';
import type { Preview } from '../../domain/orders/preview/preview.ts';
import { balances, currencyCode, minorUnits } from '../http/common.ts';

const movementResource = z
  .object({
    type: z
      .enum([
        'charge',
        'transfer',
        'application_fee',
        'refund',
        'transfer_reversal',
        'application_fee_refund',
        'payout',
      ])
      .describe('What moves the money.'),
    from: z
      .string()
      .describe('customer, platform, a connected account (acct_…), or bank: where its payouts go.'),
    to: z.string().describe('The same.'),
    amount: minorUnits,
    currency: currencyCode,
  })
  .meta({ id: 'Movement' });

export const previewResource = z
  .object({
    object: z.literal('preview'),
    summary: z.string().describe('For people: what would happen, in words.'),
    movements: z.array(movementResource).describe('What would move, in order.'),
    customer: balances.describe('What the customer would get (positive) or pay (negative).'),
    platform: balances
      .nullable()
      .describe(
        "What would become of the platform's balance, before Stripe's fee. Null: Stripe converts some of it.",
      ),
    connected: balances
      .nullable()
      .describe("What would become of connected accounts' balances. Null: Stripe converts some of it."),
    has_stripe_fee: z
      .boolean()
      .describe("Stripe would take its fee out of the platform's part; how much, it says afterwards."),
    amount_released: minorUnits.describe(
      'What is held on the card and released without having moved, in minor units.',
    ),
  })
  .meta({
    id: 'Preview',
    description: 'What a command would do with the money. Nothing was changed.',
  });

export function presentPreview({
  summary,
  movements,
  released,
  hasStripeFee,
}: Preview): z.output<typeof previewResource> {
  const change = (isMeant: (party: Party) => boolean) => {
    const balance = changeFor(movements, isMeant);
    return balance && presentBalances(balance);
  };
  return {
    object: 'preview',
    summary,
    movements: movements.map(presentMovement),
    customer: change((party) => party === 'customer') ?? [],
    platform: change((party) => party === 'platform'),
    connected: change((party) => party.startsWith('acct_')),
    has_stripe_fee: hasStripeFee,
    amount_released: released,
  };
}

function presentMovement({ type, from, to, amount, currency }: Movement) {
  return { type, from, to, amount, currency };
}
