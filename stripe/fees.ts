import pMap from 'p-map';
import type Stripe from 'stripe';
import type { FeeAmounts } from '../domain/money/fees.ts';
import { destinationPlatformFee } from '../domain/money/fees.ts';
import { proportion } from '../domain/money/money.ts';
import type { CaptureParts } from './capture-parts.ts';
import { capturePartsOf } from './capture-parts.ts';
import { expanded, idOf } from './payment-facts.ts';
import { readAll } from './read-all.ts';
import { STRIPE_READ } from './read-options.ts';
import { reversalsOf } from './reversals.ts';

/** What the platform kept of one destination charge. Amounts in minor units, times in milliseconds since the epoch. */
export interface Fee {
  readonly type: 'application_fee' | 'destination_platform_fee';
  /** The transfer that split the sale, and says when: there is one for each, or of several captures the last one. */
  readonly transfer: string;
  readonly applicationFee: string | null;
  readonly order: string | null;
  readonly connectedAccount: string;
  readonly paymentIntent: string | null;
  readonly charge: string;
  readonly createdAt: number;
  /** In the currency of the sale. */
  readonly charged: FeeAmounts;
  /** As it changed the platform's balance, in the currency of settlement. */
  readonly settled: FeeAmounts;
}

/** Asks for all that a fee is made of, except what its refunds did to the balance. */
const EXPAND = [
  'data.balance_transaction',
  'data.source_transaction.balance_transaction',
  'data.source_transaction.application_fee.balance_transaction',
  'data.source_transaction.payment_intent',
];

export interface FeeFilter {
  readonly connectedAccount: string | undefined;
  readonly created: Stripe.RangeQueryParam;
  readonly currency: string | undefined;
}

const READS_AT_ONCE = 5;
const PAGE_SIZE = 100;

/** One page of the transfers that may have split a sale. */
export function transfersPage(
  stripe: Stripe,
  { connectedAccount, created }: FeeFilter,
  page: { limit: number; starting_after?: string },
): Promise<Stripe.ApiList<Stripe.Transfer>> {
  const filter = {
    ...(connectedAccount === undefined ? {} : { destination: connectedAccount }),
    ...(Object.keys(created).length === 0 ? {} : { created }),
  };
  return stripe.transfers.list({ ...page, ...filter, expand: EXPAND }, STRIPE_READ);
}

/** Whether this transfer split a sale, in that currency, and the platform kept a part. */
export function isOfFee(transfer: Stripe.Transfer, { currency }: FeeFilter): boolean {
  const charge = chargeOf(transfer);
  if (charge === null || idOf(charge.transfer) !== transfer.id) return false;
  if (currency !== undefined && charge.currency !== currency) return false;
  return expanded(charge.application_fee) !== null || charge.transfer_data?.amount != null;
}

/** All fees that fit, newest first, page by page: never more than one page is in memory. */
export async function* feePages(stripe: Stripe, filter: FeeFilter): AsyncGenerator<Fee[]> {
  let after: string | undefined;
  for (;;) {
    const cursor = after === undefined ? {} : { starting_after: after };
    const { data, has_more: more } = await transfersPage(stripe, filter, { limit: PAGE_SIZE, ...cursor });
    yield await feesOf(
      stripe,
      data.filter((transfer) => isOfFee(transfer, filter)),
    );
    after = data.at(-1)?.id;
    if (!more || after === undefined) return;
  }
}

/** The fees behind these transfers; {@link isOfFee} holds for each. */
export function feesOf(stripe: Stripe, transfers: readonly Stripe.Transfer[]): Promise<Fee[]> {
  return pMap(transfers, (transfer) => feeOf(stripe, transfer), { concurrency: READS_AT_ONCE });
}

async function feeOf(stripe: Stripe, transfer: Stripe.Transfer): Promise<Fee> {
  const charge = chargeOf(transfer);
  if (charge === null) throw new Error(`${transfer.id} came without its charge`);
  const fee = expanded(charge.application_fee);
  const parts = mayHaveBeenSplit(charge) ? await capturePartsOf(stripe, charge) : null;
  const amounts = fee
    ? await amountsOfApplicationFees(stripe, parts?.fees ?? [fee])
    : await amountsOfDestinationFee(stripe, charge, parts ?? onlyPart(charge, transfer));
  return {
    type: fee ? 'application_fee' : 'destination_platform_fee',
    transfer: transfer.id,
    applicationFee: fee?.id ?? null,
    order: orderOf(charge),
    connectedAccount: idOf(transfer.destination) ?? '',
    paymentIntent: idOf(charge.payment_intent),
    charge: charge.id,
    createdAt: transfer.created * 1_000,
    ...amounts,
  };
}

type Amounts = Pick<Fee, 'charged' | 'settled'>;

/** Whether it could be captured in parts; it names only the last one's transfer and fee. */
function mayHaveBeenSplit({ payment_method_details: details }: Stripe.Charge): boolean {
  return details?.card?.multicapture?.status === 'available';
}

function onlyPart(charge: Stripe.Charge, transfer: Stripe.Transfer): Omit<CaptureParts, 'fees'> {
  return { entries: [entryOf(charge.balance_transaction, charge.id)], transfers: [transfer] };
}

/** Of one sale: all are in one currency. */
async function amountsOfApplicationFees(
  stripe: Stripe,
  fees: readonly Stripe.ApplicationFee[],
): Promise<Amounts> {
  const [first, ...others] = await pMap(fees, (fee) => amountsOfApplicationFee(stripe, fee), {
    concurrency: READS_AT_ONCE,
  });
  if (!first) throw new Error('a sale with an application fee came without it');
  const plus = (a: FeeAmounts, b: FeeAmounts) => ({
    currency: a.currency,
    amount: a.amount + b.amount,
    refunded: a.refunded + b.refunded,
  });
  return others.reduce(
    (sum, one) => ({ charged: plus(sum.charged, one.charged), settled: plus(sum.settled, one.settled) }),
    first,
  );
}

async function amountsOfApplicationFee(stripe: Stripe, fee: Stripe.ApplicationFee): Promise<Amounts> {
  const entry = entryOf(fee.balance_transaction, fee.id);
  let refunded = 0;
  if (fee.amount_refunded > 0) {
    const expand = ['data.balance_transaction'];
    const [newest] = fee.refunds.data;
    const listed = await readAll(
      stripe.applicationFees.listRefunds(fee.id, { limit: 100, expand }, STRIPE_READ),
    );
    // Newest first: what stands before the fee's newest came after the fee was read.
    const known = listed.slice(
      Math.max(
        listed.findIndex(({ id }) => id === newest?.id),
        0,
      ),
    );
    for (const { balance_transaction: entry } of known) refunded -= movedBy(entry);
  }
  return {
    charged: { currency: fee.currency, amount: fee.amount, refunded: fee.amount_refunded },
    settled: { currency: entry.currency, amount: entry.net, refunded },
  };
}

async function amountsOfDestinationFee(
  stripe: Stripe,
  charge: Stripe.Charge,
  { entries, transfers }: Omit<CaptureParts, 'fees'>,
): Promise<Amounts> {
  const received = entries.reduce((sum, { amount }) => sum + amount, 0);
  const passedOn = transfers.reduce((sum, one) => sum + entryOf(one.balance_transaction, one.id).amount, 0);
  const reversing: number[] = [];
  let refunded = 0;
  // What was never captured counts as refunded at Stripe; it has no reversal.
  if (transfers.some(({ amount_reversed: reversed }) => reversed > 0)) {
    const reversals = entries.length > 1 ? await reversalsOfAll(stripe, transfers) : [];
    const expand = ['data.balance_transaction', 'data.transfer_reversal.balance_transaction'];
    for await (const refund of stripe.refunds.list({ charge: charge.id, limit: 100, expand }, STRIPE_READ)) {
      const reversal = expanded(refund.transfer_reversal);
      if (!reversal || refund.status === 'failed' || refund.status === 'canceled') continue;
      // Made after the transfers were read: of the others' reversals none is known.
      if (entries.length > 1 && !reversals.some(({ id }) => id === reversal.id)) continue;
      reversing.push(refund.amount);
      refunded -=
        movedBy(refund.balance_transaction) +
        movedBy(reversal.balance_transaction) +
        otherReversals(reversals, refund.id, reversal.id);
    }
  }
  const [first] = entries;
  if (!first) throw new Error(`${charge.id} came without its balance transaction`);
  const amounts: Amounts = {
    charged: destinationPlatformFee({
      currency: charge.currency,
      captured: charge.amount_captured,
      transferred:
        entries.length > 1
          ? sharePassedOn(charge.amount_captured, -passedOn, received)
          : (charge.transfer_data?.amount ?? charge.amount_captured),
      reversing,
    }),
    settled: { currency: first.currency, amount: received + passedOn, refunded },
  };
  return charge.status === 'failed' ? takenBack(amounts) : amounts;
}

/** Of a debit that had succeeded and that its bank sent back, the platform kept no part. */
function takenBack({ charged, settled }: Amounts): Amounts {
  return {
    charged: { ...charged, refunded: charged.amount },
    settled: { ...settled, refunded: settled.amount },
  };
}

/** What settled as nothing, too little to convert, was passed on as a whole. Minor units of the sale's currency. */
function sharePassedOn(captured: number, passedOn: number, received: number): number {
  return received === 0 ? captured : proportion(captured, passedOn, received);
}

async function reversalsOfAll(
  stripe: Stripe,
  transfers: readonly Stripe.Transfer[],
): Promise<readonly Stripe.TransferReversal[]> {
  const all = await pMap(transfers, (transfer) => reversalsOf(stripe, transfer, STRIPE_READ), {
    concurrency: READS_AT_ONCE,
  });
  return all.flat();
}

/** What a refund took back of the transfers of several captures, beside the one reversal that it names; minor units. */
function otherReversals(
  reversals: readonly Stripe.TransferReversal[],
  refund: string,
  named: string,
): number {
  return reversals
    .filter(({ id, source_refund: source }) => idOf(source) === refund && id !== named)
    .reduce((sum, { amount }) => sum + amount, 0);
}

/** A charge has the metadata that it was made with: of one that was adopted later, its PaymentIntent alone names the order. */
function orderOf({ metadata, payment_intent: payment }: Stripe.Charge): string | null {
  return metadata.waybill_order ?? expanded(payment)?.metadata.waybill_order ?? null;
}

function chargeOf({ id, source_transaction: source }: Stripe.Transfer): Stripe.Charge | null {
  // Left out, it would look as if there were no fee.
  if (typeof source === 'string') throw new Error(`${id} came without its charge`);
  return source ?? null;
}

function entryOf(entry: string | Stripe.BalanceTransaction | null, of: string): Stripe.BalanceTransaction {
  const found = expanded(entry);
  if (found === null) throw new Error(`${of} came without its balance transaction`);
  return found;
}

/** What has no balance transaction yet, such as a refund that waits for funds, has moved nothing yet. Minor units. */
function movedBy(entry: string | Stripe.BalanceTransaction | null): number {
  return expanded(entry)?.amount ?? 0;
}
