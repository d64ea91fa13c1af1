import type { Clock } from '../core/clock.ts';
import { createContext } from '../core/context.ts';
import type { Settings } from '../core/settings.ts';
import type { Store } from '../core/store.ts';
import { recordAttempt } from '../flows/webhooks.ts';
import type { DeliveryAttempt, WebhookDelivery } from '../objects/webhooks.ts';
import { view } from '../views/index.ts';
import { concerns, type Disturbance, lot, UNDISTURBED } from './disturbance.ts';
import { postEvent } from './post.ts';
import { secretsOf } from './signature.ts';

interface SenderParts {
  store: Store;
  clock: Clock;
  settings: Settings;
  timeoutMs: number;
  onError: (error: unknown) => void;
}

const AT_ONCE = 16;
const AFTER_FAILURE_MS = 1_000;

/**
 * Brings due deliveries to their endpoints, after the commit that made them due. What is due is a row, so a restart
 * goes on; an attempt that a restart cut off is made again, as Stripe too delivers more than once.
 */
export class WebhookSender {
  private readonly parts: SenderParts;
  /** Ids, oldest first; a row that is no longer due is skipped when its turn comes. */
  private queue = new Set<string>();
  private running = 0;
  private started = false;
  private planned = false;
  private disturbance = UNDISTURBED;
  private readonly closing = new AbortController();
  private idle: (() => void)[] = [];

  constructor(parts: SenderParts) {
    this.parts = parts;
    parts.store.onCommit((writes) => {
      for (const [table, id, row] of writes) {
        if (table === 'webhook_delivery' && (row as WebhookDelivery | null)?.state === 'due')
          this.queue.add(id);
      }
      this.plan();
    });
  }

  start(): void {
    this.started = true;
    this.reload();
  }

  /** The queue as the rows have it: at boot, and after a reset. */
  reload(): void {
    this.queue = new Set();
    for (const { id, state } of this.parts.store.rows('webhook_delivery')) {
      if (state === 'due') this.queue.add(id);
    }
    this.plan();
  }

  stop(): void {
    this.started = false;
    this.closing.abort();
  }

  get mode(): Disturbance {
    return this.disturbance;
  }

  disturb(disturbance: Disturbance): void {
    this.disturbance = disturbance;
    this.plan();
  }

  /** Resolves once nothing is on its way and nothing may leave. */
  async settled(): Promise<void> {
    while (this.running > 0 || this.next() !== undefined) {
      await new Promise<void>((resolve) => {
        this.idle.push(resolve);
        this.plan();
      });
    }
  }

  /** One attempt right now, whatever holds the others back: how a test chooses order and repetition itself. */
  async sendNow(id: string): Promise<WebhookDelivery | undefined> {
    const delivery = this.parts.store.get('webhook_delivery', id);
    if (!delivery) return undefined;
    this.queue.delete(id);
    await this.attempt(delivery);
    return this.parts.store.get('webhook_delivery', id);
  }

  private plan(): void {
    if (this.planned || !this.started) return;
    this.planned = true;
    // Never inside the transaction that made a delivery due: its own request is answered first.
    setImmediate(() => {
      this.planned = false;
      this.pump();
    });
  }

  private pump(): void {
    const limit = this.disturbance.reorder ? 1 : AT_ONCE;
    while (this.started && this.running < limit) {
      const next = this.next();
      if (next === undefined) break;
      this.queue.delete(next.id);
      this.running += 1;
      this.deliver(next)
        .catch((error) => {
          this.parts.onError(error);
          this.requeue(next.id);
        })
        .finally(() => {
          this.running -= 1;
          this.plan();
        });
    }
    if (this.running === 0) for (const resolve of this.idle.splice(0)) resolve();
  }

  /** Its row says that it is due still. */
  private requeue(id: string): void {
    const timer = setTimeout(() => {
      this.queue.add(id);
      this.plan();
    }, AFTER_FAILURE_MS);
    timer.unref();
  }

  /** The oldest that may leave, or the one the seed puts first. */
  private next(): WebhookDelivery | undefined {
    const { reorder, hold, seed } = this.disturbance;
    let first: WebhookDelivery | undefined;
    let rank = 1;
    for (const id of this.queue) {
      const delivery = this.parts.store.get('webhook_delivery', id);
      if (delivery?.state !== 'due') {
        this.queue.delete(id);
        continue;
      }
      if (hold && concerns(this.disturbance, delivery)) continue;
      if (!reorder) return delivery;
      const own = lot(seed, id);
      if (own < rank) {
        first = delivery;
        rank = own;
      }
    }
    return first;
  }

  private async deliver(delivery: WebhookDelivery): Promise<void> {
    const { drop, duplicate, seed } = this.disturbance;
    const concerned = concerns(this.disturbance, delivery);
    if (concerned && lot(seed, `drop ${delivery.id}`) < drop) {
      this.parts.store.transaction((tx) => tx.put('webhook_delivery', { ...delivery, state: 'dropped' }));
      return;
    }
    const copies = concerned ? 1 + duplicate : 1;
    for (let i = 0; i < copies; i += 1) await this.attempt(delivery);
  }

  private async attempt({ id, event: eventId, endpoint: endpointId }: WebhookDelivery): Promise<void> {
    const { store, clock, settings, timeoutMs } = this.parts;
    const endpoint = store.get('webhook_endpoint', endpointId);
    const event = store.get('event', eventId);
    if (!endpoint || !event || endpoint.status !== 'enabled') {
      store.transaction((tx) => tx.update('webhook_delivery', id, { state: 'failed', next_attempt: null }));
      return;
    }
    const body = store.transaction((tx) =>
      JSON.stringify(view(createContext({ tx, settings, nowMs: clock.nowMs() }), 'event', event), null, 2),
    );
    const at = Math.floor(clock.nowMs() / 1000);
    const result = await postEvent(endpoint.url, body, {
      secrets: secretsOf(endpoint, at),
      timeoutMs,
      signal: this.closing.signal,
    });
    if (this.closing.signal.aborted) return;
    this.record(id, { at, ...result });
  }

  private record(id: string, attempt: DeliveryAttempt): void {
    const { store, clock, settings } = this.parts;
    store.transaction((tx) => {
      const row = tx.get('webhook_delivery', id);
      if (row) recordAttempt(createContext({ tx, settings, nowMs: clock.nowMs() }), row, attempt);
    });
  }
}
