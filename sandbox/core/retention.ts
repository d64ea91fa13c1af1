import { DAY_SECONDS } from './clock.ts';
import type { Store } from './store.ts';

/** How long Stripe remembers: keys of requests for a day, events and their deliveries for thirty. */
export const KEPT_SECONDS = {
  idempotency_key: DAY_SECONDS,
  event: 30 * DAY_SECONDS,
  webhook_delivery: 30 * DAY_SECONDS,
} as const;

/** Of which the oldest also go when there are too many: they are most of what a payment leaves behind. */
const LIMITED: ReadonlySet<string> = new Set<keyof typeof KEPT_SECONDS>(['event', 'webhook_delivery']);

const SWEPT_AT_ONCE = 20;

/**
 * Forgets a few of what is too old, and of the events and deliveries beyond the newest `eventsMax`, oldest first; called with every
 * write, it keeps up with whatever comes in.
 */
export function sweep(store: Store, nowSeconds: number, eventsMax: number): void {
  for (const table of Object.keys(KEPT_SECONDS) as (keyof typeof KEPT_SECONDS)[]) {
    const surplus = LIMITED.has(table) ? store.size(table) - eventsMax : 0;
    const forgotten: string[] = [];
    for (const { id, created } of store.rows(table)) {
      const isOld = created <= nowSeconds - KEPT_SECONDS[table];
      if ((!isOld && forgotten.length >= surplus) || forgotten.length === SWEPT_AT_ONCE) break;
      forgotten.push(id);
    }
    if (forgotten.length === 0) continue;
    store.transaction((tx) => {
      for (const id of forgotten) tx.delete(table, id);
    });
  }
}
