import type Stripe from 'stripe';
import type { Balances } from '../domain/money/money.ts';
import { sumBalances } from '../domain/money/money.ts';
import type { Settlement } from '../domain/orders/payment.ts';
import { asAccount } from './acting-as.ts';
import type { CaptureParts } from './capture-parts.ts';
import { mayHaveParts, partsOf } from './capture-parts.ts';
import { isNotOurs } from './errors.ts';
import { expanded, idOf } from './payment-facts.ts';

/**
 * Where a PaymentIntent's money went. Expects PAYMENT_EXPANDS. Null until every part of it exists: with
 * `automatic_async` balance transaction, transfer and fee come one after the other. `known`: its captures' parts, where
 * they were read already.
 */
export async function settlementOf(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  known: CaptureParts | null = null,
): Promise<Settlement | null> {
  const charge = expanded(intent.latest_charge);
  // What a bank sent back was a debit: it was never captured in parts.
  if (charge && charge.status !== 'failed' && mayHaveParts(intent)) {
    const parts = known ?? (await partsOf(stripe, intent, charge));
    return parts && settlementOfParts(stripe, intent, charge, parts);
  }
  const transfer = expanded(charge?.transfer);
  const fee = expanded(charge?.application_fee);
  const chargeEntry = expanded(charge?.balance_transaction);
  const transferEntry = expanded(transfer?.balance_transaction);
  const feeEntry = expanded(fee?.balance_transaction);
  const failureEntry = expanded(charge?.failure_balance_transaction);
  if (!charge || !chargeEntry) return null;
  // What failed before it succeeded was never split; its movements show only once the money has come back.
  const isComplete =
    charge.status === 'failed'
      ? failureEntry !== null && (!transfer || transferEntry)
      : transferEntry && (feeEntry || !charge.application_fee_amount);
  if (!isComplete) return null;
  const entries = [chargeEntry, failureEntry, transferEntry, feeEntry].filter((entry) => entry !== null);
  return {
    currency: chargeEntry.currency,
    stripeFee: chargeEntry.fee + (failureEntry?.fee ?? 0),
    platform: sumBalances(entries.map(netOf)),
    connected: transfer ? await connectedShare(stripe, transfer, feeEntry) : {},
  };
}

/** The sum of what each capture came to, where Stripe settles them separately. Null until every part is there. */
async function settlementOfParts(
  stripe: Stripe,
  intent: Stripe.PaymentIntent,
  charge: Stripe.Charge,
  { entries, transfers, fees }: CaptureParts,
): Promise<Settlement | null> {
  const [first] = entries;
  const split = [...transfers, ...fees].map(({ balance_transaction: entry }) => expanded(entry));
  const known = split.filter((entry) => entry !== null);
  const isComplete = transfers.length >= entries.length && known.length === split.length;
  if (
    !first ||
    !isComplete ||
    !isAllOf(intent, entries) ||
    (charge.application_fee_amount && fees.length === 0)
  )
    return null;
  const shares = await Promise.all(transfers.map((transfer) => connectedShare(stripe, transfer, null)));
  return {
    currency: first.currency,
    stripeFee: entries.reduce((sum, { fee }) => sum + fee, 0),
    platform: sumBalances([...entries, ...known].map(netOf)),
    connected: sumBalances(shares),
  };
}

/** Whether that is all that was captured so far; with conversion only the last capture shows that there are no more. */
function isAllOf(
  { amount_received: received, currency, status }: Stripe.PaymentIntent,
  entries: readonly Stripe.BalanceTransaction[],
): boolean {
  if (entries.some((entry) => entry.currency !== currency)) return status !== 'requires_capture';
  return entries.reduce((sum, { amount }) => sum + amount, 0) === received;
}

/** What the connected account keeps, by its own balance: its currency may be another one, and its share was changed then. */
async function connectedShare(
  stripe: Stripe,
  transfer: Stripe.Transfer,
  feeEntry: Stripe.BalanceTransaction | null,
): Promise<Balances> {
  const arrived = expanded(expanded(transfer.destination_payment)?.balance_transaction);
  if (arrived) return netOf(arrived);
  const account = idOf(transfer.destination);
  const payment = idOf(transfer.destination_payment);
  const entry = account && payment ? await arrivalAt(stripe, account, payment) : null;
  if (entry) return netOf(entry);
  const fee = feeEntry ? { [feeEntry.currency]: -feeEntry.amount } : {};
  return sumBalances([{ [transfer.currency]: transfer.amount }, fee]);
}

/** Null: nothing shows what arrived, as where the account's owner has ended the connection since. */
async function arrivalAt(
  stripe: Stripe,
  account: string,
  payment: string,
): Promise<Stripe.BalanceTransaction | null> {
  try {
    const expand = ['balance_transaction'];
    const paid = await stripe.charges.retrieve(payment, { expand }, asAccount(account));
    return expanded(paid.balance_transaction);
  } catch (error) {
    if (isNotOurs(error)) return null;
    throw error;
  }
}

/** What a balance transaction did to its account's balance. */
export function netOf({ currency, net }: Stripe.BalanceTransaction): Balances {
  return { [currency]: net };
}
