import { DAY_SECONDS } from './clock.ts';
import { FinishedPayments } from './finished-payments.ts';
import type { Adjustable } from './settings.ts';
import type { Store } from './store.ts';

/** How long Stripe remembers: keys of requests for a day, and no token longer; events and their deliveries for thirty. */
export const KEPT_SECONDS = {
  idempotency_key: DAY_SECONDS,
  token: DAY_SECONDS,
  event: 30 * DAY_SECONDS,
  webhook_delivery: 30 * DAY_SECONDS,
} as const;

type Aging = keyof typeof KEPT_SECONDS;

/** Of which the oldest also go when there are too many: they are most of what a payment leaves behind. */
const LIMITED: ReadonlySet<string> = new Set<Aging>(['event', 'webhook_delivery']);

const SWEPT_AT_ONCE = 20;
const PAYMENTS_SWEPT_AT_ONCE = 2;

/** Forgets a few of what is too old or too many, oldest first: called with every write, it keeps up with whatever comes in. */
export class Retention {
  private readonly store: Store;
  private readonly payments: FinishedPayments;

  constructor(store: Store) {
    this.store = store;
    this.payments = new FinishedPayments(store);
  }

  reload(): void {
    this.payments.reload();
  }

  sweep(nowSeconds: number, { events_kept_max, payments_kept_max }: Adjustable): void {
    for (const table of Object.keys(KEPT_SECONDS) as Aging[]) this.age(table, nowSeconds, events_kept_max);
    if (payments_kept_max !== null) this.payments.sweep(payments_kept_max, PAYMENTS_SWEPT_AT_ONCE);
  }

  private age(table: Aging, nowSeconds: number, eventsMax: number): void {
    const { store } = this;
    const surplus = LIMITED.has(table) ? store.size(table) - eventsMax : 0;
    const oldest = nowSeconds - KEPT_SECONDS[table];
    const forgotten: string[] = [];
    for (const id of store.oldestIds(table)) {
      if (forgotten.length === SWEPT_AT_ONCE) break;
      if (forgotten.length >= surplus && (store.get(table, id)?.created ?? 0) > oldest) break;
      forgotten.push(id);
    }
    if (forgotten.length === 0) return;
    store.transaction((tx) => {
      for (const id of forgotten) tx.delete(table, id);
    });
  }
}
