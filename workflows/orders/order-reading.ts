import { knownMovements } from '../../domain/orders/observation.ts';
import { eventsOf } from '../../domain/orders/observed-events.ts';
import { paymentIntentOf } from '../../domain/orders/order.ts';
import { probe } from '../entity/attention.ts';
import { concludeRead } from '../entity/failed-reads.ts';
import { isStuck, observePayment } from '../entity/perform.ts';
import { MINUTE_MS } from '../shared/time.ts';
import type { OrderRecord } from './order-record.ts';

/** How long to retry reading what nobody waits for. */
const BUDGET = { budgetMs: MINUTE_MS };

/** Reads the payment from Stripe and records what is new. */
export async function readAgain(record: OrderRecord): Promise<void> {
  const paymentIntent = paymentIntentOf(record.order);
  if (paymentIntent === null || record.isClosed) return;
  record.countReading();
  const observation = await observePayment({ paymentIntent, ...knownMovements(record.order) }, BUDGET);
  const stuck = isStuck(observation) ? observation : null;
  const news = concludeRead(record, stuck, record.order.unreadable);
  if (news) record.apply({ type: 'reading_failed', ...news }, null);
  if (isStuck(observation)) return;
  for (const event of eventsOf(record.order, observation)) record.observe(event);
}

/** Something happened at Stripe: the payment is read again; what is stuck may have come to its end by it. */
export async function refreshFromStripe(record: OrderRecord): Promise<void> {
  await readAgain(record);
  if (record.blocked) await probe(record, record.blocked);
}

/** Distances between two readings in milliseconds: the first, doubled each time, up to the longest. */
export interface Rhythm {
  readonly firstMs: number;
  readonly maxMs: number;
}

/** When a payment without news since a moment is read again; in milliseconds since the epoch. */
export function nextReadingAt(record: OrderRecord, since: number, { firstMs, maxMs }: Rhythm): number {
  const last = Math.max(record.lastReadAt, since);
  return last + Math.min(Math.max(last - since, firstMs), maxMs);
}
