import type Stripe from 'stripe';

/** What an order and its payment must agree on; refunds, disputes and reversals in whatever order. Amounts in minor units. */
export interface Compared {
  readonly status: string | undefined;
  readonly captured: number;
  readonly refunded: number;
  readonly refunds: readonly string[];
  readonly disputes: readonly string[];
  readonly feeBack: number;
  readonly reversedAlone: readonly string[];
}

interface Named {
  readonly id: string;
}

/** What of an order of the API is compared. */
export interface ShownOrder {
  readonly status: string;
  readonly amount_captured: number;
  readonly amount_refunded: number;
  readonly refunds: readonly (Named & {
    readonly status: string;
    readonly application_fee_refunded: number;
  })[];
  readonly disputes: readonly (Named & { readonly status: string })[];
  readonly adjustments: readonly (Named & { readonly object: string; readonly amount: number })[];
}

export function shownBy(order: ShownOrder): Compared {
  const feeRefunds = order.adjustments.filter(({ object }) => object === 'application_fee_refund');
  return {
    status: order.status,
    captured: order.amount_captured,
    refunded: order.amount_refunded,
    refunds: stated(order.refunds),
    disputes: stated(order.disputes),
    feeBack: sum([
      ...feeRefunds.map(({ amount }) => amount),
      ...order.refunds.map((refund) => refund.application_fee_refunded),
    ]),
    reversedAlone: idsOf(order.adjustments.filter(({ object }) => object === 'transfer_reversal')),
  };
}

/** The same, read from Stripe. */
export async function asStripeHasIt(stripe: Stripe, paymentIntent: string): Promise<Compared> {
  const intent = await stripe.paymentIntents.retrieve(paymentIntent, { expand: ['latest_charge'] });
  const charge = intent.latest_charge as Stripe.Charge;
  const { data: listed } = await stripe.refunds.list({ charge: charge.id, limit: 100 });
  // What was never captured is released as a refund of money that never moved.
  const refunds = listed.filter(({ balance_transaction: entry }) => entry !== null);
  const refunded = sum(refunds.flatMap(({ status, amount }) => (status === 'failed' ? [] : [amount])));
  const fees = (await stripe.applicationFees.list({ charge: charge.id })).data;
  const group = charge.transfer_group;
  const transfers = group ? (await stripe.transfers.list({ transfer_group: group, limit: 100 })).data : [];
  const reversals = await Promise.all(
    transfers.map(async ({ id }) => (await stripe.transfers.listReversals(id, { limit: 100 })).data),
  );
  const captured = intent.amount_received;
  const isRefunded = intent.status === 'succeeded' && refunded >= captured;
  return {
    status: isRefunded ? 'refunded' : STATUS[intent.status],
    captured,
    refunded,
    refunds: stated(refunds),
    disputes: stated((await stripe.disputes.list({ charge: charge.id })).data),
    feeBack: sum(fees.map(({ amount_refunded: back }) => back)),
    reversedAlone: idsOf(reversals.flat().filter(({ source_refund: refund }) => refund === null)),
  };
}

const STATUS: Partial<Record<Stripe.PaymentIntent.Status, string>> = {
  succeeded: 'captured',
  requires_capture: 'authorized',
  requires_payment_method: 'requires_payment_method',
  canceled: 'canceled',
};

function stated(all: readonly { id: string; status: string | null }[]): string[] {
  return all.map(({ id, status }) => `${id} ${status}`).toSorted();
}

function idsOf(all: readonly Named[]): string[] {
  return all.map(({ id }) => id).toSorted();
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((before, amount) => before + amount, 0);
}
