import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { endpointOf, pacedHttpClient } from '../../stripe/paced-http-client.ts';
import type { Turn } from '../../stripe/stripe-pace.ts';
import { StripePace } from '../../stripe/stripe-pace.ts';

const CREATE = 'POST /v1/payment_intents';
const CAPTURE = 'POST /v1/payment_intents/{id}/capture';
const UNLIMITED = Number.POSITIVE_INFINITY;

let pace: StripePace;
beforeEach(() => {
  vi.useFakeTimers();
  pace = new StripePace();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Asks for a turn; when it came, in milliseconds from now, or that it is to come back. */
function asks(endpoint: string): { at: number | null; isSentBack: boolean } {
  const asked = performance.now();
  const got: { at: number | null; isSentBack: boolean } = { at: null, isSentBack: false };
  void pace.turn(endpoint).then((turn: Turn) => {
    if (turn === 'now') got.at = performance.now() - asked;
    else got.isSentBack = true;
  });
  return got;
}

describe('a process that may send so many calls a second', () => {
  it('lets a capture out before the new payments that wait', async () => {
    pace.limitTo({ inAll: 10, perEndpoint: UNLIMITED });
    const payments = Array.from({ length: 9 }, () => asks(CREATE));
    const capture = asks(CAPTURE);
    await vi.advanceTimersByTimeAsync(3_000);
    const before = payments.filter(({ at }) => at !== null && at < (capture.at ?? 0));
    expect(capture.at).not.toBeNull();
    // Those of the first moment, and one whose turn it was.
    expect(before.length).toBeLessThanOrEqual(3);
    expect(payments.every(({ at }) => at !== null)).toBe(true);
  });

  it('holds back one endpoint without the others', async () => {
    pace.limitTo({ inAll: 100, perEndpoint: 20 });
    const payments = Array.from({ length: 8 }, () => asks(CREATE));
    const capture = asks(CAPTURE);
    await vi.advanceTimersByTimeAsync(0);
    expect(payments.filter(({ at }) => at !== null)).toHaveLength(5);
    expect(capture.at).toBe(0);
  });

  it('has a call come back later whose turn is too far away', async () => {
    pace.limitTo({ inAll: 4, perEndpoint: UNLIMITED });
    const calls = Array.from({ length: 20 }, () => asks(CREATE));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(calls.every(({ at, isSentBack }) => isSentBack !== (at !== null))).toBe(true);
    expect(calls.filter(({ isSentBack }) => isSentBack).length).toBeGreaterThan(5);
    expect(Math.max(...calls.map(({ at }) => at ?? 0))).toBeLessThan(2_500);
  });

  it('sends back who has waited for long because Stripe slowed down meanwhile', async () => {
    pace.limitTo({ inAll: 40, perEndpoint: UNLIMITED });
    const calls = Array.from({ length: 30 }, () => asks(CREATE));
    await vi.advanceTimersByTimeAsync(0);
    pace.refused(CREATE, { isOfEndpoint: false, retryAfterMs: 0 });
    await vi.advanceTimersByTimeAsync(3_000);
    expect(calls.every(({ at, isSentBack }) => isSentBack !== (at !== null))).toBe(true);
    expect(calls.filter(({ isSentBack }) => isSentBack).length).toBeGreaterThan(15);
  });

  it('sends those who wait back where Stripe asks for a longer pause', async () => {
    pace.limitTo({ inAll: 4, perEndpoint: UNLIMITED });
    const calls = Array.from({ length: 3 }, () => asks(CREATE));
    await vi.advanceTimersByTimeAsync(0);
    pace.refused(CREATE, { isOfEndpoint: false, retryAfterMs: 60_000 });
    await vi.advanceTimersByTimeAsync(1_500);
    expect(calls.map(({ isSentBack }) => isSentBack)).toEqual([false, true, true]);
  });
});

function answering(headers: Record<string, string>, code: string) {
  let reads = 0;
  const refusal = {
    getStatusCode: () => 429,
    getHeaders: () => headers,
    getRawResponse: () => null,
    toStream: () => null,
    toJSON: async () => {
      reads += 1;
      if (reads > 1) throw new Error('A body can be read once.');
      return { error: { code } };
    },
  };
  return pacedHttpClient({ getClientName: () => 'scripted', makeRequest: async () => refusal }, pace);
}

function create(client: ReturnType<typeof pacedHttpClient>) {
  return client.makeRequest('api.stripe.com', '443', '/v1/payment_intents', 'POST', {}, '', 'https', 1_000);
}

it.each([
  ['endpoint-rate', 0],
  ['global-rate', null],
])('a refusal for %s slows down as much as Stripe means', async (reason, captureAt) => {
  await create(answering({ 'stripe-rate-limited-reason': reason }, 'rate_limit'));
  const capture = asks(CAPTURE);
  const payment = asks(CREATE);
  await vi.advanceTimersByTimeAsync(500);
  expect(capture.at).toBe(captureAt);
  expect(payment.at).toBeNull();
});

it.each([
  ['updates of one payment', { 'stripe-rate-limited-reason': 'resource-specific' }, 'rate_limit'],
  ['updates of one payment, by its code', {}, 'payment_intent_rate_limit_exceeded'],
  ['declines of one card', {}, 'card_decline_rate_limit_exceeded'],
  ['an object that is in use', {}, 'lock_timeout'],
])('a refusal for %s holds back no other call, and its body is still there', async (_, headers, code) => {
  const answer = await create(answering(headers, code));
  const calls = [asks(CREATE), asks(CAPTURE)];
  await vi.advanceTimersByTimeAsync(0);
  expect(calls.map(({ at }) => at)).toEqual([0, 0]);
  expect(await answer.toJSON()).toEqual({ error: { code } });
});

it.each([
  ['POST', '/v1/payment_intents', CREATE],
  ['POST', '/v1/payment_intents/pi_3abc/capture', CAPTURE],
  ['GET', '/v1/payment_intents/search?query=a', 'GET /v1/payment_intents/search'],
  ['GET', '/v1/accounts/acct_1/persons/person_1', 'GET /v1/accounts/{id}/persons/{id}'],
  ['GET', '/v1/account', 'GET /v1/account'],
])('%s %s counts as %s', (method, path, endpoint) => {
  expect(endpointOf(method, path)).toBe(endpoint);
});
