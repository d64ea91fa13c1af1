import type { Order } from '../../domain/orders/order.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import type { World } from '../world/world.ts';
import type { Callers } from './caller.ts';
import type { OrderDeed } from './deeds.ts';
import { ask, idIn } from './outside.ts';
import type { Deed } from './plan.ts';

/** In Stripe's test mode they decide about the dispute. */
const TEXTS = [
  'winning_evidence',
  'losing_evidence',
  'escalate_inquiry_evidence',
  'a parcel number',
] as const;

export function isRare(name: OrderDeed): boolean {
  return name === 'done_by_hand' || name === 'submit_evidence';
}

/** What somebody does at Stripe first, and then asks Waybill for; null: it makes no sense at this moment. */
export function prepare(
  world: World,
  callers: Callers,
  order: Order | null,
  deed: Deed,
): Promise<OrderCommandBody | null> {
  return deed.name === 'done_by_hand' ? doByHand(world, callers, order) : stageEvidence(world, order, deed);
}

/** What is stuck is done in the Dashboard instead, and named as its effect. */
async function doByHand(
  world: World,
  callers: Callers,
  order: Order | null,
): Promise<OrderCommandBody | null> {
  const attention = order?.attention;
  const body = callers.asked.get(attention?.operationId ?? '')?.body;
  if (!order || !attention?.allowedActions.includes('mark_done') || !body || !('amount' in body)) return null;
  const intent = world.platform.world.store.get('payment_intent', paymentIntentOf(order) ?? '');
  const charge = intent?.latest_charge;
  const { amount } = body;
  if (!charge || amount === undefined) return null;
  const made =
    attention.operation === 'refund'
      ? await ask(world, '/v1/refunds', { charge, amount })
      : attention.operation === 'transfer'
        ? await ask(world, '/v1/transfers', {
            amount,
            currency: order.terms.currency,
            destination: order.terms.connectedAccount,
            source_transaction: charge,
          })
        : undefined;
  const id = made && idIn(made);
  return id ? { kind: 'resolve', action: 'mark_done', stripe_id: id, reason: 'done by hand' } : null;
}

/** As the API stages it: the text itself never enters a workflow. */
async function stageEvidence(
  world: World,
  order: Order | null,
  { amount }: Deed,
): Promise<OrderCommandBody | null> {
  const dispute = order?.disputes.at(-1)?.id;
  if (dispute === undefined) return null;
  const text = TEXTS[amount % TEXTS.length] ?? '';
  await ask(world, `/v1/disputes/${dispute}`, { 'evidence[uncategorized_text]': text, submit: 'false' });
  return { kind: 'submit_evidence', dispute, fields: ['uncategorized_text'], submit: true };
}
