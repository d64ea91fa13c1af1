import { describe, expect, it } from 'vitest';
import type { Seen, WebhookEndpoint } from '../../../domain/stripe-events/webhook-test.ts';
import {
  endpointsToTest,
  findingOfTest,
  NO_TEST_METADATA,
  testMarkOf,
  testMetadata,
} from '../../../domain/stripe-events/webhook-test.ts';

const at = (path: string, more: Partial<WebhookEndpoint> = {}): WebhookEndpoint => ({
  url: `https://${path}.example.com/webhooks/stripe`,
  isEnabled: true,
  eventTypes: ['*'],
  ...more,
});
const receipt = (isSigned: boolean) => ({ eventType: 'payment_intent.canceled', isSigned });
const seen = (...signed: readonly boolean[]): Seen => ({ receipts: signed.map(receipt), pending: null });
const A = at('a');
const B = at('b', { eventTypes: ['charge.updated', 'payment_intent.canceled'] });
const OFF = at('off', { isEnabled: false });
const DEAF = at('deaf', { eventTypes: ['charge.updated'] });

describe('what a test of the platform’s webhooks found', () => {
  it.each<[string, readonly WebhookEndpoint[], Seen | null, string, RegExp]>([
    [
      'all came',
      [A, B],
      seen(true, true),
      'ok',
      /^payment_intent\.canceled came 2 of 2 times, signed .*a\..*b\./,
    ],
    ['one came twice', [A], seen(true, true), 'ok', /came signed/],
    ['there is none', [], null, 'warning', /^no endpoint at Stripe for your account/],
    [
      'it is disabled',
      [OFF],
      null,
      'wrong',
      /^disabled at Stripe: https:\/\/off\.example\.com\/webhooks\/stripe$/,
    ],
    ['it does not take the event', [DEAF], null, 'wrong', /^not sent payment_intent\.canceled: .*deaf/],
    ['it was not tried', [A], null, 'unknown', /was not tried/],
    ['it signs with another secret', [A], seen(false), 'wrong', /^an event came that no secret/],
    [
      'one of two signs with another',
      [A, B],
      seen(true, false),
      'wrong',
      /came 1 of 2 times.*; an event came/,
    ],
    ['nothing came', [A], seen(), 'wrong', /did not come within 15 s: can Stripe reach https:\/\/a\./],
    ['it came elsewhere', [A], { receipts: [], pending: 0 }, 'wrong', /though Stripe has delivered it/],
    [
      'a good one beside a disabled one',
      [A, OFF],
      seen(true),
      'wrong',
      /^disabled.*; payment_intent.canceled came/,
    ],
  ])('%s', (_, endpoints, found, state, detail) => {
    const finding = findingOfTest('platform', endpoints, found, 15);
    expect(finding).toMatchObject({ state, detail: expect.stringMatching(detail) });
  });

  it('is of enabled endpoints that take the event', () => {
    expect(endpointsToTest('platform', [A, B, OFF, DEAF])).toEqual([A, B]);
    expect(endpointsToTest('connect', [A, B])).toEqual([A]);
  });
});

it('a mark is found on what bears it, and not where it was taken away', () => {
  expect(testMarkOf({ metadata: testMetadata('m-1') })).toBe('m-1');
  expect(testMarkOf({ metadata: NO_TEST_METADATA })).toBeNull();
  expect(testMarkOf(undefined)).toBeNull();
});
