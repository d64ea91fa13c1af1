import type Stripe from 'stripe';
import type { Order } from '../domain/orders/order.ts';
import { paymentIntentOf } from '../domain/orders/order.ts';
import type { Transaction } from '../domain/reconciliation/balance-transactions.ts';
import { asPlatform } from '../stripe/acting-as.ts';
import { balanceOf } from '../stripe/own-money.ts';
import { readAll } from '../stripe/read-all.ts';
import { transfersById } from '../stripe/transfers-by-id.ts';

const CHARGE_EXPANDS = [
  'balance_transaction',
  'failure_balance_transaction',
  'transfer.balance_transaction',
  'application_fee.balance_transaction',
];
const PAGE = { limit: 100 };
const ENTRIES = { ...PAGE, expand: ['data.balance_transaction'] };

type Entry = string | Stripe.BalanceTransaction | null | undefined;

export function transactionOf(entry: Stripe.BalanceTransaction): Transaction {
  const { id, type, currency, net, created } = entry;
  return { id, type, currency, net, createdAt: created * 1000 };
}

/**
 * Every line of the platform's balance that an order is behind, as Stripe's objects of its payment show: read again and
 * apart from what the order itself has read, so that neither repeats the other's mistake. One call, and one more for
 * each kind of thing that happened to the payment later.
 */
export async function transactionsOfOrder(stripe: Stripe, order: Order): Promise<readonly Transaction[]> {
  const { failedCharges, refunds, transfers, terms } = order;
  // A failed refund no longer shows on its charge.
  const hasRefunds = refunds.length > 0;
  const latest = await latestChargeOf(stripe, paymentIntentOf(order));
  const entries: Entry[] = latest
    ? [...(await entriesOfCharge(stripe, latest, { inParts: terms.requestMulticapture, hasRefunds }))]
    : [];
  for (const { charge: id } of failedCharges.filter(({ charge }) => charge !== latest?.id)) {
    const failed = await stripe.charges.retrieve(id, { expand: CHARGE_EXPANDS });
    entries.push(...(await entriesOfCharge(stripe, failed, { inParts: false, hasRefunds })));
  }
  const ids = transfers.map(({ id }) => id);
  const group = { transfer_group: latest?.transfer_group ?? null };
  for (const special of await transfersById(stripe, group, ids, ['balance_transaction'])) {
    entries.push(...(await entriesOfTransfer(stripe, special)));
  }
  return entries.flatMap((entry) => (entry ? [transactionOf(expanded(entry))] : []));
}

async function latestChargeOf(stripe: Stripe, paymentIntent: string | null): Promise<Stripe.Charge | null> {
  if (paymentIntent === null) return null;
  const expand = CHARGE_EXPANDS.map((field) => `latest_charge.${field}`);
  return object((await stripe.paymentIntents.retrieve(paymentIntent, { expand })).latest_charge);
}

/** What a charge was split into, and what its own entries are. */
interface Split {
  readonly charged: readonly Entry[];
  readonly transfers: readonly Stripe.Transfer[];
  readonly fees: readonly Stripe.ApplicationFee[];
}

function partOf(charge: Stripe.Charge): Split {
  const [transfer, fee] = [object(charge.transfer), object(charge.application_fee)];
  return {
    charged: [charge.balance_transaction],
    transfers: transfer ? [transfer] : [],
    fees: fee ? [fee] : [],
  };
}

/** Of a charge that may be captured in parts, which Stripe settles by themselves: it names the last of each alone. */
async function partsOf(stripe: Stripe, charge: Stripe.Charge): Promise<Split> {
  const listed = balanceOf(stripe, asPlatform).transactions({ ...PAGE, source: charge.id });
  const own = (await readAll(listed)).filter(({ source }) => source === charge.id);
  const transfers: Stripe.Transfer[] = [];
  const group = charge.transfer_group;
  for await (const transfer of group ? stripe.transfers.list({ ...ENTRIES, transfer_group: group }) : []) {
    const isSpecial = transfer.metadata.waybill_operation !== undefined;
    if (transfer.source_transaction === charge.id && !isSpecial) transfers.push(transfer);
  }
  const fees = await readAll(stripe.applicationFees.list({ ...ENTRIES, charge: charge.id }));
  return { charged: own, transfers, fees };
}

/** One that failed after it had succeeded has a second entry, which takes the money back. */
async function entriesOfCharge(
  stripe: Stripe,
  charge: Stripe.Charge,
  { inParts, hasRefunds }: { inParts: boolean; hasRefunds: boolean },
): Promise<readonly Entry[]> {
  const { charged, transfers, fees } = inParts ? await partsOf(stripe, charge) : partOf(charge);
  const entries: Entry[] = [...charged, charge.failure_balance_transaction];
  for (const transfer of transfers) entries.push(...(await entriesOfTransfer(stripe, transfer)));
  for (const fee of fees) {
    entries.push(fee.balance_transaction);
    if (fee.amount_refunded > 0) {
      entries.push(...(await entriesOf(stripe.applicationFees.listRefunds(fee.id, ENTRIES))));
    }
  }
  if (hasRefunds || charge.amount_refunded > 0) entries.push(...(await entriesOfRefunds(stripe, charge)));
  if (charge.disputed) {
    const disputes = stripe.disputes.list({ ...PAGE, charge: charge.id });
    for await (const { balance_transactions } of disputes) entries.push(...balance_transactions);
  }
  return entries;
}

async function entriesOfTransfer(stripe: Stripe, transfer: Stripe.Transfer): Promise<readonly Entry[]> {
  const reversed = transfer.amount_reversed > 0;
  return [
    transfer.balance_transaction,
    ...(reversed ? await entriesOf(stripe.transfers.listReversals(transfer.id, ENTRIES)) : []),
  ];
}

/** One that failed has a second entry, which gives the money back. */
async function entriesOfRefunds(stripe: Stripe, charge: Stripe.Charge): Promise<readonly Entry[]> {
  const expand = ['data.balance_transaction', 'data.failure_balance_transaction'];
  const entries: Entry[] = [];
  for await (const refund of stripe.refunds.list({ ...PAGE, charge: charge.id, expand })) {
    entries.push(refund.balance_transaction, refund.failure_balance_transaction);
  }
  return entries;
}

async function entriesOf(list: AsyncIterable<{ balance_transaction?: Entry }>): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const { balance_transaction } of list) entries.push(balance_transaction);
  return entries;
}

/** Asked for in every call above; an id in its place would be left out of a sum in silence. */
function expanded(entry: string | Stripe.BalanceTransaction): Stripe.BalanceTransaction {
  if (typeof entry === 'string') throw new Error(`Stripe did not expand ${entry}`);
  return entry;
}

function object<T extends { id: string }>(field: string | T | null | undefined): T | null {
  return typeof field === 'string' || !field ? null : field;
}
