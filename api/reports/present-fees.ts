import type { FeeAmounts } from '../../domain/money/fees.ts';
import { sumFees } from '../../domain/money/fees.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import type { Fee } from '../../stripe/fees.ts';
import type { FeeResource, FeeTotalsResource } from './fees-schema.ts';

export function presentFee(fee: Fee): FeeResource {
  return {
    id: fee.transfer,
    object: 'platform_fee',
    type: fee.type,
    order: fee.order,
    connected_account: fee.connectedAccount,
    payment_intent: fee.paymentIntent,
    charge: fee.charge,
    application_fee: fee.applicationFee,
    charged: presentAmounts(fee.charged),
    settled: presentAmounts(fee.settled),
    created: rfc3339(fee.createdAt),
  };
}

export const FEE_COLUMNS = [
  'created',
  'type',
  'order',
  'connected_account',
  'payment_intent',
  'charge',
  'transfer',
  'application_fee',
  'currency',
  'amount',
  'refunded',
  'net',
  'settled_currency',
  'settled_amount',
  'settled_refunded',
  'settled_net',
] as const;

/** The same as a row of a table; amounts in minor units. */
export function feeRow(fee: Fee): Record<(typeof FEE_COLUMNS)[number], string | number | null> {
  const { charged, settled } = fee;
  return {
    created: rfc3339(fee.createdAt),
    type: fee.type,
    order: fee.order,
    connected_account: fee.connectedAccount,
    payment_intent: fee.paymentIntent,
    charge: fee.charge,
    transfer: fee.transfer,
    application_fee: fee.applicationFee,
    currency: charged.currency,
    amount: charged.amount,
    refunded: charged.refunded,
    net: charged.amount - charged.refunded,
    settled_currency: settled.currency,
    settled_amount: settled.amount,
    settled_refunded: settled.refunded,
    settled_net: settled.amount - settled.refunded,
  };
}

interface Sums {
  readonly count: number;
  readonly charged: readonly FeeAmounts[];
  readonly settled: readonly FeeAmounts[];
}

const NOTHING: Sums = { count: 0, charged: [], settled: [] };

/** Sums of all pages; only the sums are in memory. */
export async function totalsOf(pages: AsyncIterable<readonly Fee[]>): Promise<FeeTotalsResource> {
  let all = NOTHING;
  const byAccount = new Map<string, Sums>();
  for await (const fees of pages) {
    for (const fee of fees) {
      all = plus(all, fee);
      byAccount.set(fee.connectedAccount, plus(byAccount.get(fee.connectedAccount) ?? NOTHING, fee));
    }
  }
  return {
    object: 'platform_fee_totals',
    ...presentSums(all),
    by_account: [...byAccount]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([account, sums]) => ({ connected_account: account, ...presentSums(sums) })),
  };
}

function plus({ count, charged, settled }: Sums, fee: Fee): Sums {
  return {
    count: count + 1,
    charged: sumFees([...charged, fee.charged]),
    settled: sumFees([...settled, fee.settled]),
  };
}

function presentSums({ count, charged, settled }: Sums) {
  return { count, charged: charged.map(presentAmounts), settled: settled.map(presentAmounts) };
}

function presentAmounts({ currency, amount, refunded }: FeeAmounts) {
  return { currency, amount, refunded, net: amount - refunded };
}
