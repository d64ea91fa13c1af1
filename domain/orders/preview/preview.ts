import { IllegalTransition } from '../../illegal-transition.ts';
import { formatMoney } from '../../money/money.ts';
import type { Order } from '../order.ts';
import type { OrderCommandBody } from '../order-command-table.ts';
import { capturedPartOf } from '../payment.ts';
import type { ReversibleTransfer } from '../transfer-reversals.ts';
import type { Movement } from './movements.ts';
import { accountParty, betweenAccounts } from './movements.ts';
import {
  amountCapturable,
  movementsOfCapture,
  releasedByCapture,
  summaryOfCapture,
} from './preview-capture.ts';
import { summaryOfAccept, summaryOfEvidence, summaryOfResolve } from './preview-decision.ts';
import { movementsOfRefund, summaryOfRefund } from './preview-refund.ts';
import type { ChargeSplit, Currencies } from './split.ts';

/** What has no preview: how a card or a bank answers is unknown, and an update moves nothing. */
type Unforeseen = 'confirm' | 'increment' | 'update';
export const UNFORESEEN: ReadonlySet<string> = new Set<Unforeseen>(['confirm', 'increment', 'update']);
export type PreviewedCommand = Exclude<OrderCommandBody, { kind: Unforeseen }>;

/** What only Stripe knows of what a command is about. */
export interface PreviewFacts {
  readonly split: ChargeSplit;
  readonly currencies: Currencies;
  /** The one that is reversed. */
  readonly transfer: PaidTransfer | null;
}

export interface PaidTransfer extends ReversibleTransfer {
  readonly destination: string;
}

/** What a command would do. */
export interface Preview {
  readonly summary: string;
  readonly movements: readonly Movement[];
  /** Minor units of the order's currency: held on the card, and let go without having moved. */
  readonly released: number;
  /** Stripe takes its fee for it out of the platform's share, and says only then how much. */
  readonly hasStripeFee: boolean;
}

const NOTHING = { movements: [], released: 0, hasStripeFee: false };

/** What a command would do that the order's state does not refuse. */
export function previewOf(order: Order, command: PreviewedCommand, facts: PreviewFacts): Preview {
  switch (command.kind) {
    case 'capture': {
      const movements = movementsOfCapture(order, command, facts.currencies);
      const summary = summaryOfCapture(order, command, movements);
      return { summary, movements, released: releasedByCapture(order, command), hasStripeFee: true };
    }
    case 'cancel':
      return previewOfCancel(order);
    case 'refund': {
      const movements = movementsOfRefund(order, command, facts.split);
      return { ...NOTHING, summary: summaryOfRefund(order, movements), movements };
    }
    case 'transfer':
      return previewOfTransfer(order, command, facts);
    case 'reverse_transfer':
      return previewOfReversal(transferIn(facts), command.amount ?? null, facts.currencies.connected);
    case 'resolve':
      return { ...NOTHING, summary: summaryOfResolve(order, command) };
    case 'submit_evidence':
      return { ...NOTHING, summary: summaryOfEvidence(order, command) };
    case 'accept_dispute':
      return { ...NOTHING, summary: summaryOfAccept(order, command) };
  }
}

function previewOfCancel(order: Order): Preview {
  const { payment, terms } = order;
  const text = (amount: number) => formatMoney({ amount, currency: terms.currency });
  const released = amountCapturable(order);
  if (released === 0) return { ...NOTHING, summary: 'Cancels the payment. No money was held.' };
  const captured = capturedPartOf(payment)?.amountCaptured ?? 0;
  const summary =
    captured > 0
      ? `Releases the ${text(released)} that are still held. The ${text(captured)} that were captured stay.`
      : `Cancels the payment and releases ${text(released)} to the customer. Nothing was captured.`;
  return { ...NOTHING, summary, released };
}

function previewOfTransfer(
  { terms, payment }: Order,
  { amount, destination }: OrderCommandBody<'transfer'>,
  { currencies }: PreviewFacts,
): Preview {
  const currency = capturedPartOf(payment)?.settlement?.currency ?? terms.currency;
  const account = destination ?? terms.connectedAccount;
  const moved = betweenAccounts({ type: 'transfer', amount, currency }, accountParty(account), {
    platform: currency,
    connected: currencies.connected,
  });
  const summary = `Transfers ${formatMoney(moved)} from you to ${account}, out of this order's charge.`;
  return { ...NOTHING, summary, movements: [moved] };
}

/** What a transfer without an order would do. `available`: what the platform has of its currency, in minor units. */
export function previewOfPlainTransfer(
  what: { readonly amount: number; readonly currency: string; readonly destination: string },
  available: number,
  connected: string | null,
): Preview {
  const { amount, currency, destination } = what;
  const moved = betweenAccounts({ type: 'transfer', amount, currency }, accountParty(destination), {
    platform: currency,
    connected,
  });
  const summary = `Transfers ${formatMoney(moved)} from you to ${destination}, out of your available balance.`;
  if (available >= amount) return { ...NOTHING, summary, movements: [moved] };
  // How much there is, a key for some accounts must not learn.
  return { ...NOTHING, summary: `${summary} It does not cover that: Stripe would refuse it.` };
}

/** What taking back a transfer would do, of an order or of none. `asked`: minor units; null: all that is left. */
export function previewOfReversal(
  { amount, amountReversed, currency, destination }: PaidTransfer,
  asked: number | null,
  connected: string | null,
): Preview {
  const moved = betweenAccounts(
    { type: 'transfer_reversal', amount: asked ?? amount - amountReversed, currency, isTakenBack: true },
    accountParty(destination),
    { platform: currency, connected },
  );
  return {
    ...NOTHING,
    summary: `Takes ${formatMoney(moved)} back from ${destination}.`,
    movements: [moved],
  };
}

function transferIn({ transfer }: PreviewFacts): PaidTransfer {
  if (!transfer) throw new IllegalTransition('a reversal has a transfer that it takes back');
  return transfer;
}
