import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { EventSubscription } from '../domain/outgoing-events/event-subscription.ts';
import { signingGenerations } from '../domain/outgoing-events/event-subscription.ts';

/**
 * A subscription's signing secret, as Standard Webhooks writes it. Derived from one key of the service's own, so that no
 * workflow, log or store ever holds it.
 */
export function signingSecret(
  key: string,
  { id, generation }: Pick<EventSubscription, 'id' | 'generation'>,
): string {
  return `whsec_${createHmac('sha256', key).update(`${id}:${generation}`).digest('base64')}`;
}

/** Headers of a message by Standard Webhooks; while a secret is being rotated, signed with both. */
export function signedHeaders(
  key: string,
  subscription: EventSubscription,
  message: { readonly id: string; readonly body: string; readonly at: number },
): Record<string, string> {
  const { id, body, at } = message;
  const signatures = signingGenerations(subscription, at).map((generation) =>
    new Webhook(signingSecret(key, { id: subscription.id, generation })).sign(id, new Date(at), body),
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1_000)),
    'webhook-signature': signatures.join(' '),
  };
}
