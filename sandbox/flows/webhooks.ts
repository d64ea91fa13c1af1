import { DAY_SECONDS } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import type { StripeEvent } from '../objects/records.ts';
import type { DeliveryAttempt, WebhookDelivery, WebhookEndpoint } from '../objects/webhooks.ts';

/** A connected account's events go to the platform's Connect endpoints and to that account's own ones. */
function wants(ctx: Context, endpoint: WebhookEndpoint, { owner, type }: StripeEvent): boolean {
  if (endpoint.status !== 'enabled') return false;
  const hears = endpoint.connect ? owner !== ctx.settings.platform : owner === endpoint.owner;
  return hears && endpoint.enabled_events.some((name) => name === '*' || name === type);
}

/** One delivery per endpoint, in the transaction of the event itself: none is forgotten, none invented. */
export function planDeliveries(ctx: Context, event: StripeEvent): void {
  for (const endpoint of ctx.tx.all('webhook_endpoint')) {
    if (!wants(ctx, endpoint, event)) continue;
    ctx.tx.put('webhook_delivery', {
      id: `${event.id}_${endpoint.id}`,
      created: ctx.now,
      endpoint: endpoint.id,
      event: event.id,
      type: event.type,
      state: 'due',
      attempts: [],
      next_attempt: null,
    });
  }
}

/** Seconds to the attempt after the first, second, …; the last one repeats. Stripe says only "exponential". */
const RETRY_AFTER_S = [300, 1800, 7200, 18_000, 36_000, 43_200];
const RETRIED_FOR_S = 3 * DAY_SECONDS;

const succeeded = ({ status }: DeliveryAttempt): boolean => status !== null && status >= 200 && status < 300;

/** Notes an attempt and decides what follows: nothing, another attempt, or giving up after three days. */
export function recordAttempt(ctx: Context, before: WebhookDelivery, attempt: DeliveryAttempt): void {
  const attempts = [...before.attempts, attempt];
  const noted: WebhookDelivery = { ...before, attempts, next_attempt: null };
  // A delivery that has arrived stays so, whatever becomes of a second copy.
  if (succeeded(attempt) || before.state === 'succeeded') {
    ctx.tx.put('webhook_delivery', { ...noted, state: 'succeeded' });
    return;
  }
  const wait = RETRY_AFTER_S[Math.min(attempts.length, RETRY_AFTER_S.length) - 1] ?? 0;
  const next = ctx.now + wait;
  if (next > before.created + RETRIED_FOR_S) {
    ctx.tx.put('webhook_delivery', { ...noted, state: 'failed' });
    return;
  }
  ctx.tx.put('webhook_delivery', { ...noted, state: 'waiting', next_attempt: next });
  ctx.tx.put('job', {
    id: `webhook ${before.id}`,
    dueMs: next * 1000,
    kind: 'retry_webhook',
    subject: before.id,
  });
}

/** Its time has come again; whoever sends sees that it is due. */
export function retryDelivery(ctx: Context, id: string): void {
  const delivery = ctx.tx.get('webhook_delivery', id);
  if (delivery?.state !== 'waiting') return;
  ctx.tx.put('webhook_delivery', { ...delivery, state: 'due', next_attempt: null });
}
