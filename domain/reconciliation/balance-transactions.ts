import type { Order } from '../orders/order.ts';

/** A line of an account's balance history, as far as it is compared. */
export interface Transaction {
  /** `txn_…` */
  readonly id: string;
  /** Stripe's own, such as `charge` or `transfer_refund`. */
  readonly type: string;
  readonly currency: string;
  /** Minor units of `currency`: what it did to the balance, Stripe's fee included. */
  readonly net: number;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Whose a transaction is, as far as Stripe's objects and Temporal show. */
export type Owner =
  /** Of no charge and no transfer: Stripe's own business with the platform. */
  | { readonly kind: 'platform' }
  /** Likewise, in another balance than that of payments, such as what it holds back for risk or what cards it issued spend. */
  | { readonly kind: 'other_balance' }
  /** Of a special-case transfer with no order, which `POST /v1/transfers` made. */
  | { readonly kind: 'transfer' }
  /** Of an order; `subject`: the charge, refund, transfer or fee that the order must know, or that carries the mark of a person. */
  | {
      readonly kind: 'order';
      readonly orderId: string;
      readonly subject: string;
      readonly isMarked: boolean;
      readonly order: OrderRead;
    }
  /** Of nobody's charge or transfer, which a person has looked at and marked ({@link EXPLAINED_METADATA}). */
  | { readonly kind: 'looked_at' }
  /** Of a charge or a transfer that names no order and that no order knows. */
  | { readonly kind: 'foreign'; readonly subject: string }
  /** Stripe does not show what is behind it. */
  | { readonly kind: 'unexpanded' };

/** An order as its workflow knows it; `gone`: Temporal no longer has it; `unreadable`: it does not answer. */
export type OrderRead = Order | 'gone' | 'unreadable';

/**
 * The metadata by which a person explains a payment, transfer or refund that no order made: at Stripe, so that nothing of it
 * has to be remembered here.
 */
export const EXPLAINED_METADATA = 'waybill_explained';

/** Why a transaction needs no order. */
export const REASONS = [
  'special_case_transfer',
  'order_ended',
  'looked_at',
  'payout',
  'stripe_fee',
  'topup',
  'reserve',
  'adjustment',
  'stripe_product',
  'account_business',
  'reported_on_platform',
] as const;
export type Reason = (typeof REASONS)[number];

export const DIFFERENCE_CODES = [
  'foreign_payment',
  'foreign_transfer',
  'unknown_to_order',
  'unknown_type',
  'order_unreadable',
  'funds_differ',
  'funds_unknown',
  'connected_differs',
  'balance_differs',
] as const;
export type DifferenceCode = (typeof DIFFERENCE_CODES)[number];

export type Verdict =
  | { readonly standing: 'matched'; readonly orderId: string }
  | { readonly standing: 'explained'; readonly reason: Reason }
  /** It is no part of the balance that is compared. */
  | { readonly standing: 'left_out' }
  | { readonly standing: 'unexplained'; readonly code: DifferenceCode; readonly orderId: string | null };

/**
 * What Stripe itself does with a platform's balance, by the transaction's type (docs.stripe.com/reports/balance-transaction-types).
 * Nobody can mark such a line as looked at: a type that is missing here is a difference in every run.
 */
const OWN_BUSINESS: Readonly<Record<string, Reason>> = {
  payout: 'payout',
  payout_cancel: 'payout',
  payout_failure: 'payout',
  payout_minimum_balance_hold: 'payout',
  payout_minimum_balance_release: 'payout',
  stripe_fee: 'stripe_fee',
  stripe_fx_fee: 'stripe_fee',
  fee_credit_funding: 'stripe_fee',
  network_cost: 'stripe_fee',
  tax_fee: 'stripe_fee',
  inbound_transfer: 'topup',
  inbound_transfer_reversal: 'topup',
  topup: 'topup',
  topup_reversal: 'topup',
  connect_collection_transfer: 'reserve',
  connect_reserved_funds: 'reserve',
  payment_network_reserve_hold: 'reserve',
  payment_network_reserve_release: 'reserve',
  reserve_hold: 'reserve',
  reserve_release: 'reserve',
  reserve_transaction: 'reserve',
  reserved_funds: 'reserve',
  // Climate, Capital and other advances, Tax, and the flows of its other accounts.
  advance: 'stripe_product',
  advance_funding: 'stripe_product',
  anticipation_repayment: 'stripe_product',
  climate_order_purchase: 'stripe_product',
  climate_order_refund: 'stripe_product',
  contribution: 'stripe_product',
  obligation_outbound: 'stripe_product',
  obligation_reversal_inbound: 'stripe_product',
  stripe_balance_payment_debit: 'stripe_product',
  stripe_balance_payment_debit_reversal: 'stripe_product',
  tax_fund: 'stripe_product',
  // One with a dispute behind it has a charge, and so an order or nobody.
  adjustment: 'adjustment',
};

/** Every transaction has an order that knows it, or a reason; what has neither is for a human. */
export function classifyTransaction({ type }: Transaction, owner: Owner): Verdict {
  switch (owner.kind) {
    case 'platform': {
      const reason = OWN_BUSINESS[type];
      return reason ? { standing: 'explained', reason } : unexplained('unknown_type');
    }
    case 'other_balance':
      return { standing: 'left_out' };
    case 'transfer':
      return { standing: 'explained', reason: 'special_case_transfer' };
    case 'looked_at':
      return { standing: 'explained', reason: 'looked_at' };
    case 'unexpanded':
      return unexplained('unknown_type');
    case 'foreign':
      return unexplained(owner.subject.startsWith('tr_') ? 'foreign_transfer' : 'foreign_payment');
    case 'order': {
      const { orderId, subject, isMarked, order } = owner;
      if (order === 'gone') return { standing: 'explained', reason: 'order_ended' };
      if (order === 'unreadable') return unexplained('order_unreadable', orderId);
      if (objectsOf(order).has(subject)) return { standing: 'matched', orderId };
      return isMarked
        ? { standing: 'explained', reason: 'looked_at' }
        : unexplained('unknown_to_order', orderId);
    }
  }
}

export function unexplained(code: DifferenceCode, orderId: string | null = null): Verdict {
  return { standing: 'unexplained', code, orderId };
}

/** The ids of what moved an order's money on the platform, as the order itself knows them. */
export function objectsOf({
  payment,
  failedCharges,
  refunds,
  transfers,
  disputes,
}: Order): ReadonlySet<string> {
  const charged = [
    ...(payment.status === 'captured' ? [{ ...payment, charge: payment.latestCharge }] : []),
    ...failedCharges,
  ];
  const paid = charged.flatMap(({ charge, transfer, applicationFee }) => [charge, transfer, applicationFee]);
  const inPart = payment.status === 'authorized' && payment.amountCaptured > 0 ? [payment.latestCharge] : [];
  const later = [...refunds, ...transfers, ...disputes].map(({ id }) => id);
  return new Set([...paid.filter((id) => id !== null), ...inPart, ...later]);
}
