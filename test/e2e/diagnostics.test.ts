import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasOtherKey, identityWithKey } from '../../temporal/worker-identity.ts';
import type { Waybill } from '../support/waybill.ts';
import { EVENTS, request, startWaybill } from '../support/waybill.ts';
import { control, sandboxRequests, WITHIN } from './support.ts';

let waybill: Waybill;
beforeAll(async () => {
  const events = { ...EVENTS, signingKey: 'a key that the worker does not have' };
  waybill = await startWaybill({}, {}, { api: { events } });
});
afterAll(() => waybill?.stop());

async function checks(): Promise<Record<string, { state: string; detail: string }>> {
  const { body } = await request(waybill, 'GET', '/v1/diagnostics', { as: 'ops' });
  return Object.fromEntries(body.checks.map((one: { check: string }) => [one.check, one]));
}

it('the service says how it is set up, to ops alone', async () => {
  // Temporal lists a worker some moments after it has begun to poll.
  const { namespace } = waybill.env.client.options;
  await expect.poll(checks, WITHIN).toMatchObject({
    Namespace: {
      state: 'ok',
      detail: expect.stringMatching(new RegExp(`^${namespace} keeps .* [\\d.]+ days$`)),
    },
    'Search attributes': { state: 'ok' },
    'Worker versions': { state: 'ok', detail: expect.stringMatching(/^1 workers, versions: [0-9a-f]{8}$/) },
    'Stripe permissions': {
      state: 'ok',
      detail: expect.stringMatching(/^the key reads .*payment intents.*; it writes .*refunds, transfers$/),
    },
    'Stripe clock': { state: 'ok' },
    'Stripe webhooks': { state: 'warning', detail: expect.stringContaining('/webhooks/stripe') },
  });
  expect(await request(waybill, 'GET', '/v1/diagnostics', { as: 'service' })).toMatchObject({ status: 403 });
});

it('a worker with another WAYBILL_EVENTS_KEY is found', async () => {
  expect((await checks())['Events key']).toMatchObject({
    state: 'wrong',
    detail: expect.stringContaining(`${process.pid}@`),
  });
});

it('what the Stripe key may not read is named, and what cannot be looked at hides nothing', async () => {
  const match = { method: 'GET', path: '/v1/charges', times: 1_000 };
  const error = { type: 'invalid_request_error', message: 'The key does not have the required permissions.' };
  await control(waybill, 'faults', { match, effect: { error, status: 403 } });
  const away = { method: 'GET', path: '/v1/webhook_endpoints', times: 1_000 };
  await control(waybill, 'faults', { match: away, effect: { drop: true } });
  expect(await checks()).toMatchObject({
    'Stripe permissions': { state: 'wrong', detail: 'the key may not read: charges' },
    'Stripe webhooks': { state: 'unknown' },
    'Search attributes': { state: 'ok' },
  });
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
});

it('what the Stripe key may not write is named, and nothing is written to find out', async () => {
  const match = { method: 'POST', path: '/v1/refunds*', times: 1_000 };
  const error = { type: 'invalid_request_error', message: 'The key does not have the required permissions.' };
  await control(waybill, 'faults', { match, effect: { error, status: 403 } });
  expect((await checks())['Stripe permissions']).toEqual({
    check: 'Stripe permissions',
    state: 'wrong',
    detail: 'the key may not write: refunds',
  });
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
  const disputes = { ...match, path: '/v1/disputes/*' };
  await control(waybill, 'faults', { match: disputes, effect: { error, status: 403 } });
  expect((await checks())['Stripe permissions']).toMatchObject({
    state: 'warning',
    detail: 'the key may not write: disputes',
  });
  await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
  const tried = (await sandboxRequests(waybill)).filter(({ method }) => method === 'POST');
  expect(new Set(tried.map(({ status }) => status))).toEqual(new Set([403, 404]));
  expect(new Set(tried.map(({ path }) => path.split('/')[2]))).toEqual(
    new Set([
      ...['application_fees', 'customers', 'disputes', 'payment_intents'],
      ...['payment_methods', 'refunds', 'transfers'],
    ]),
  );
});

it('an endpoint at Stripe whose secret nobody can know here is counted', async () => {
  for (const n of [1, 2, 3]) {
    const url = `https://waybill.example.com/${n}/webhooks/stripe`;
    await waybill.stripe.webhookEndpoints.create({ url, enabled_events: ['*'] });
  }
  expect((await checks())['Stripe webhooks']).toMatchObject({
    state: 'wrong',
    detail: '3 endpoints at Stripe, 2 in STRIPE_WEBHOOK_SECRETS',
  });
});

describe('a worker’s identity', () => {
  it('says which events key it has, and not the key', () => {
    const identity = identityWithKey('7@host', 'secret');
    expect(identity).not.toContain('secret');
    expect(hasOtherKey(identity, 'secret')).toBe(false);
    expect(hasOtherKey(identity, 'another')).toBe(true);
    expect(hasOtherKey(identity, null)).toBe(true);
    expect(hasOtherKey(identityWithKey('7@host', null), null)).toBe(false);
    expect(hasOtherKey('7@host', 'secret')).toBe(false);
  });
});
