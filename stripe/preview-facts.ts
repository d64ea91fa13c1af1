import type Stripe from 'stripe';
import { PAYMENT_EXPANDS } from '../domain/commands/stripe-expands.ts';
import type { Order } from '../domain/orders/order.ts';
import { capturedPartOf } from '../domain/orders/payment.ts';
import type { PaidTransfer, PreviewedCommand, PreviewFacts } from '../domain/orders/preview/preview.ts';
import type { ChargeSplit, Currencies, SplitPart } from '../domain/orders/preview/split.ts';
import { agreedSplit } from '../domain/orders/preview/split.ts';
import type { AccountDirectory } from './account-directory.ts';
import type { ActingAs } from './acting-as.ts';
import { partsOf, splitBy } from './capture-parts.ts';
import { balanceOf } from './own-money.ts';
import { expanded, idOf } from './payment-facts.ts';
import { STRIPE_READ } from './read-options.ts';

/** Where a preview reads what the order does not keep. */
export interface PreviewReader {
  readonly stripe: Stripe;
  readonly directory: AccountDirectory;
}

const NO_SPLIT: ChargeSplit = { currency: null, transfers: [], fees: [] };
const NO_CURRENCIES: Currencies = { platform: null, connected: null, settlement: null };
const NONE: PreviewFacts = { split: NO_SPLIT, currencies: NO_CURRENCIES, transfer: null };

/** What only Stripe knows of what a command is about. */
export async function readPreviewFacts(
  reader: PreviewReader,
  order: Order,
  command: PreviewedCommand,
): Promise<PreviewFacts> {
  const { connectedAccount, onBehalfOf } = order.terms;
  switch (command.kind) {
    case 'capture':
      return { ...NONE, currencies: await currenciesOf(reader, connectedAccount, onBehalfOf) };
    case 'transfer': {
      const account = command.destination ?? connectedAccount;
      return { ...NONE, currencies: await currenciesOf(reader, account, onBehalfOf) };
    }
    case 'reverse_transfer': {
      const transfer = await readPaidTransfer(reader.stripe, command.transfer);
      return { ...NONE, transfer, currencies: await currenciesOf(reader, transfer.destination, false) };
    }
    case 'refund':
      return { ...NONE, split: await readSplit(reader, order) };
    default:
      return NONE;
  }
}

export async function readPaidTransfer(stripe: Stripe, id: string): Promise<PaidTransfer> {
  const transfer = await stripe.transfers.retrieve(id, {}, STRIPE_READ);
  return {
    destination: idOf(transfer.destination) ?? '',
    amount: transfer.amount,
    amountReversed: transfer.amount_reversed,
    currency: transfer.currency,
  };
}

/** What is there of a currency now, in minor units; null: Stripe does not say. */
export async function availableFor(
  stripe: Stripe,
  as: ActingAs,
  { currency, method = 'standard' }: { readonly currency: string; readonly method?: 'standard' | 'instant' },
): Promise<number | null> {
  const { available, instant_available: instant } = await balanceOf(stripe, as).retrieve(STRIPE_READ);
  const amount = (method === 'instant' ? instant : available)?.find(
    (one) => one.currency === currency,
  )?.amount;
  return amount ?? (method === 'instant' ? null : 0);
}

export async function currenciesOf(
  { directory }: Pick<PreviewReader, 'directory'>,
  account: string,
  onBehalfOf: boolean,
): Promise<Currencies> {
  const [platform, connected] = await Promise.all([directory.platform(), directory.connected(account)]);
  return {
    platform: platform.currency,
    connected: connected.currency,
    settlement: onBehalfOf ? connected.currency : platform.currency,
  };
}

/** How Stripe split the order's charge; where it has not done so yet, how it will. */
async function readSplit(reader: PreviewReader, { payment, terms }: Order): Promise<ChargeSplit> {
  const captured = capturedPartOf(payment);
  if (!captured) return NO_SPLIT;
  const { stripe } = reader;
  const intent = await stripe.paymentIntents.retrieve(
    captured.paymentIntent,
    { expand: [...PAYMENT_EXPANDS] },
    STRIPE_READ,
  );
  const charge = expanded(intent.latest_charge);
  const currency = expanded(charge?.balance_transaction)?.currency ?? null;
  if (!charge || currency === null) {
    const { connectedAccount, onBehalfOf } = terms;
    const currencies = await currenciesOf(reader, connectedAccount, onBehalfOf);
    return agreedSplit(terms, captured.amountCaptured, null, currencies);
  }
  const { transfers, fees } = splitBy(charge, await partsOf(stripe, intent, charge));
  const arrivedIn = arrivalOf(transfers[0]);
  return {
    currency,
    transfers: transfers.map((transfer) => transferPart(transfer)),
    fees: fees.map((fee) => feePart(fee, arrivedIn)),
  };
}

function transferPart(transfer: Stripe.Transfer): SplitPart {
  const { amount, amount_reversed: takenBack, currency } = transfer;
  return { amount, takenBack, currency, platform: currency, connected: arrivalOf(transfer) };
}

function feePart(fee: Stripe.ApplicationFee, connected: string | null): SplitPart {
  const { amount, amount_refunded: takenBack, currency } = fee;
  const platform = expanded(fee.balance_transaction)?.currency ?? null;
  return { amount, takenBack, currency, platform, connected };
}

/** In which currency a transfer arrived. */
function arrivalOf(transfer: Stripe.Transfer | undefined): string | null {
  return expanded(expanded(transfer?.destination_payment)?.balance_transaction)?.currency ?? null;
}
