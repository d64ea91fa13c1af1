import { newAccount } from '../../domain/accounts/account.ts';
import type { ShownTransfer } from '../../domain/orders/present-transfer.ts';
import { ACCOUNT_EVENTS } from '../../domain/outgoing-events/account-events.ts';
import type { EventKind } from '../../domain/outgoing-events/event-types.ts';
import { orderEvents } from '../../domain/outgoing-events/order-events.ts';
import type { EventData } from '../../domain/outgoing-events/outgoing-event.ts';
import { PAYOUT_EVENTS } from '../../domain/outgoing-events/payout-events.ts';
import type { Reconciled } from '../../domain/outgoing-events/reconciliation-events.ts';
import { RECONCILIATION_EVENTS } from '../../domain/outgoing-events/reconciliation-events.ts';
import { TRANSFER_EVENTS } from '../../domain/outgoing-events/transfer-events.ts';
import { newPayout } from '../../domain/payouts/payout.ts';
import type { Difference } from '../../domain/reconciliation/reconciliation.ts';
import { NOTHING_FOUND } from '../../domain/reconciliation/reconciliation.ts';
import { accountFacts, NOW, orderIn, payoutFacts, payoutTerms } from './builders.ts';

export const PAID_OUT = {
  ...newPayout(payoutTerms({ id: 'wpo_1' }), NOW, false),
  state: { status: 'paid', payout: payoutFacts({ status: 'paid' }) },
} as const;

/** A special-case transfer of 5.00 with no order, paid. */
export const TRANSFERRED: ShownTransfer = {
  input: {
    id: 'bonus-1',
    amount: 500,
    currency: 'usd',
    destination: 'acct_seller',
    description: 'Bonus',
    livemode: false,
  },
  createdAt: NOW,
  status: 'paid',
  transfer: { id: 'tr_1' },
  reversals: [],
  pending: null,
  attention: null,
  approvals: [],
};

export const CONNECTED = {
  ...newAccount('seller-7', NOW, false),
  connection: 'connected',
  facts: accountFacts(),
} as const;

/** So many unexplained cents, each a difference of its own. */
export function reconciledWith(cents: number, to = NOW): Reconciled {
  const differences = Array.from(
    { length: cents },
    (_, n): Difference => ({
      id: `txn_${n}`,
      code: 'foreign_payment',
      orderId: null,
      transaction: `txn_${n}`,
      account: null,
      amount: 1,
      currency: 'usd',
      since: NOW - 1_000,
    }),
  );
  const findings = { ...NOTHING_FOUND, differences, differenceCount: cents };
  return { report: { from: NOW - 1_000, to, findings }, failure: null };
}

/** What is sent about an object of each kind. */
export function sampleData(kind: EventKind): EventData {
  return { ...presented(kind), subject: null, sequence: 1 };
}

function presented(kind: EventKind): Omit<EventData, 'subject' | 'sequence'> {
  switch (kind) {
    case 'order':
      return orderEvents(false).present(orderIn('succeeded'));
    case 'payout':
      return PAYOUT_EVENTS.present(PAID_OUT);
    case 'transfer':
      return TRANSFER_EVENTS.present(TRANSFERRED);
    case 'account':
      return ACCOUNT_EVENTS.present(CONNECTED);
    case 'reconciliation':
      return RECONCILIATION_EVENTS.present(reconciledWith(1), NOW);
  }
}
