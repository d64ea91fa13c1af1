import { DAY_SECONDS } from './clock.ts';
import type { Store } from './store.ts';

/** How long Stripe remembers: keys of requests for a day, events and their deliveries for thirty. */
export const KEPT_SECONDS = {
  idempotency_key: DAY_SECONDS,
  event: 30 * DAY_SECONDS,
  webhook_delivery: 30 * DAY_SECONDS,
} as const;

const SWEPT_AT_ONCE = 20;

/** Forgets a few of what is too old, oldest first; called with every write, it keeps up with whatever comes in. */
export function sweep(store: Store, nowSeconds: number): void {
  for (const table of Object.keys(KEPT_SECONDS) as (keyof typeof KEPT_SECONDS)[]) {
    const expired: string[] = [];
    for (const { id, created } of store.rows(table)) {
      if (created > nowSeconds - KEPT_SECONDS[table] || expired.length === SWEPT_AT_ONCE) break;
      expired.push(id);
    }
    if (expired.length === 0) continue;
    store.transaction((tx) => {
      for (const id of expired) tx.delete(table, id);
    });
  }
}
