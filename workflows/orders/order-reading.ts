import { heldCharge, knownMovements, knownReview } from '../../domain/orders/observation.ts';
import { eventsOf } from '../../domain/orders/observed-events.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import { probe } from '../entity/attention.ts';
import { isStuck } from '../entity/perform.ts';
import type { Rhythm } from '../entity/readings.ts';
import { readFromStripe } from '../entity/readings.ts';
import type { OrderRecord } from './order-record.ts';

/** Reads the payment from Stripe and records what is new. */
export async function readAgain(record: OrderRecord): Promise<void> {
  if (record.isFinal) return;
  const paymentIntent = paymentIntentOf(record.order);
  if (paymentIntent === null) {
    // What happened to a payment that is not known yet is read as soon as it is: no event asks for that twice.
    record.readAtOnce();
    return;
  }
  record.countReading();
  const { order } = record;
  const known = { ...knownMovements(order), ...knownReview(order) };
  const request = { paymentIntent, charge: heldCharge(order), ...known };
  const observation = await readFromStripe(record, 'read the payment', ({ observePayment }) =>
    observePayment(request),
  );
  if (isStuck(observation)) return;
  for (const event of eventsOf(record.order, observation)) record.observe(event);
}

/** Something happened at Stripe, which may also have ended what is stuck. */
export async function refreshFromStripe(record: OrderRecord): Promise<void> {
  await readAgain(record);
  if (record.blocked) await probe(record, record.blocked);
}

/** When a payment is next read that has had no news since a moment. Milliseconds since the epoch. */
export function nextReadingAt(record: OrderRecord, since: number, { firstMs, maxMs }: Rhythm): number {
  const last = Math.max(record.lastReadAt, since);
  return last + Math.min(Math.max(last - since, firstMs), maxMs);
}
