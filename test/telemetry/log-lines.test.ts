import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { control, createOrder, WITHIN } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { request } from '../support/waybill.ts';

let stack: Stack;
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'debug' } });
}, 300_000);
afterAll(() => stack?.stop());

const at = () => ({ apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox });

function linesOf(part: 'api' | 'worker'): string[] {
  return readFileSync(stack.logFile(part), 'utf8').trim().split('\n');
}

// biome-ignore lint/suspicious/noExplicitAny: lines of a log
function parsed(part: 'api' | 'worker'): any[] {
  return linesOf(part).map((line) => JSON.parse(line));
}

/** The keys of a JSON object, each as often as it is there: JSON.parse keeps only the last of two. */
function keysOf(line: string): string[] {
  const keys: string[] = [];
  let depth = 0;
  for (const [token, text] of line.matchAll(/"((?:[^"\\]|\\.)*)"(?=\s*:)|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (text !== undefined && depth === 1) keys.push(text);
  }
  return keys;
}

it('sees a key that a line has twice', () => {
  expect(keysOf('{"a":{"b":1,"b":2},"c":["d:",{"e":"{"}],"a":"x"}')).toEqual(['a', 'c', 'a']);
});

it('every line of API and worker is JSON, has no key twice and no ANSI text; those of an order can be found by its ids', async () => {
  const { body, headers } = await request(at(), 'POST', '/v1/orders', {
    body: {
      amount: 1_000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: 'acct_1WaybillUSCustom',
    },
    headers: { 'x-request-id': 'shop:4711' },
  });
  expect(headers.get('x-request-id')).toBe('shop:4711');
  const requestId = headers.get('request-id');

  // A capture that Stripe fails at first, one that it declines, a request that is wrong, one that nobody may make.
  await control(at(), 'faults', {
    match: { method: 'POST', path: '/v1/payment_intents/*/capture', times: 1 },
    effect: { status: 500 },
  });
  expect((await request(at(), 'POST', `/v1/orders/${body.id}/capture`)).status).toBe(200);
  await createOrder(at(), { payment_method: 'pm_card_chargeDeclined' });
  await createOrder(at(), { amount: -1 });
  await fetch(`${stack.urls.api}/v1/orders`, { headers: { 'x-request-id': 'no id\tat all' } });

  await vi.waitFor(() => {
    const call = { msg: 'Stripe call', method: 'POST', path: '/v1/payment_intents', order_id: body.id };
    expect(parsed('worker')).toContainEqual(
      expect.objectContaining({
        ...call,
        request_id: requestId,
        command_id: expect.stringMatching(/^cmd_/),
        stripe_request_id: expect.stringMatching(/^req_/),
      }),
    );
    const line = parsed('api').find((one) => one.request_id === requestId && one.res);
    expect(line).toMatchObject({
      order_id: body.id,
      caller_request_id: 'shop:4711',
      caller: 'dev_ops',
      route: '/v1/orders',
      command_id: expect.stringMatching(/^cmd_/),
    });
    // What failed says whose it was, and under which of Stripe's requests.
    expect(parsed('worker')).toContainEqual(
      expect.objectContaining({
        msg: 'Activity failed',
        order_id: body.id,
        request_id: expect.stringMatching(/^req_/),
        command_id: expect.stringMatching(/^cmd_/),
        stripe_request_id: expect.stringMatching(/^req_/),
      }),
    );
  }, WITHIN);

  const lines = [...linesOf('api'), ...linesOf('worker')];
  expect(lines.length).toBeGreaterThan(10);
  const esc = String.fromCharCode(27);
  expect(lines.filter((line) => line.includes(esc) || line.includes('\\u001b'))).toEqual([]);
  const twice = lines.filter((line) => new Set(keysOf(line)).size < keysOf(line).length);
  expect(twice).toEqual([]);
  expect(lines.filter((line) => line.includes('no id'))).toEqual([]);
  // Every line of a request says which one it was.
  expect(parsed('api').filter((line) => line.res && !/^req_[0-9a-f]{24}$/.test(line.request_id))).toEqual([]);
});
