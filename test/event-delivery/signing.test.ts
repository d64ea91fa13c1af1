import { Webhook } from 'standardwebhooks';
import { expect, it } from 'vitest';
import type { EventSubscription } from '../../domain/outgoing-events/event-subscription.ts';
import { signedHeaders, signingSecret } from '../../event-delivery/signing.ts';

const KEY = 'a key of the service, and long enough';
const NOW = Date.now();
const SUBSCRIPTION: EventSubscription = {
  id: 'wes_1',
  url: 'https://example.com/',
  events: ['*'],
  description: null,
  createdAt: NOW,
  generation: 2,
  previousUntil: NOW + 1_000,
  disabled: null,
};

const secretOf = (generation: number, id = SUBSCRIPTION.id, key = KEY) =>
  signingSecret(key, { id, generation });

it('each key, subscription and generation has a secret of its own, always the same', () => {
  expect(secretOf(1)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(secretOf(1)).toBe(secretOf(1));
  const all = [secretOf(1), secretOf(2), secretOf(1, 'wes_2'), secretOf(1, 'wes_1', `${KEY}!`)];
  expect(new Set(all).size).toBe(all.length);
});

it.each([
  ['while both secrets sign', NOW, [true, true]],
  ['once only the new one does', NOW + 1_000, [false, true]],
])('a receiver can verify %s', (_, at, expected) => {
  const body = '{"type":"order.captured"}';
  const headers = signedHeaders(KEY, SUBSCRIPTION, { id: 'evt_a:b~1', body, at });
  const verified = [1, 2].map((generation) => {
    try {
      return new Webhook(secretOf(generation)).verify(body, headers) !== null;
    } catch {
      return false;
    }
  });
  expect(verified).toEqual(expected);
});
