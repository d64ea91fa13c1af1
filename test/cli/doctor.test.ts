import type { Waybill } from '@waybill/client';
import { WaybillProblem, WaybillUnreachable } from '@waybill/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { examine } from '../../cli/src/doctor/checks.ts';

beforeEach(() => {
  vi.stubGlobal('fetch', async () => new Response('{}'));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** What the doctor says of a key that is answered so where only ops may ask. */
async function foundOfKey(listSubscriptions: () => Promise<unknown>) {
  const waybill = {
    orders: { list: async () => ({ data: [] }) },
    eventSubscriptions: { list: listSubscriptions },
  } as unknown as Waybill;
  const patient = { waybill, url: 'http://127.0.0.1:9', readMetrics: async () => null, now: Date.now };
  return (await examine(patient)).find(({ check }) => check === 'API key');
}

function problem(status: number, code: 'role_not_allowed' | 'unavailable', detail: string) {
  const body = {
    status,
    code,
    detail,
    title: '',
    type: 'about:blank',
    retryable: false,
    request_id: 'req_1',
  };
  return new WaybillProblem(body as never, null);
}

it.each([
  ['is of the role ops where it may ask what only ops may', async () => ({ data: [] }), 'ok', 'role ops'],
  [
    'is below it where it may not',
    () => Promise.reject(problem(403, 'role_not_allowed', 'ops may')),
    'warning',
    'below ops',
  ],
  [
    'is of no known role where the API fails',
    () => Promise.reject(problem(503, 'unavailable', 'Temporal cannot be reached.')),
    'wrong',
    'Temporal cannot be reached',
  ],
  [
    'is of no known role where there is no answer',
    () => Promise.reject(new WaybillUnreachable('no answer', null)),
    'wrong',
    'no answer',
  ],
])('a key %s', async (_, list, state, detail) => {
  expect(await foundOfKey(list)).toMatchObject({ state, detail: expect.stringContaining(detail) });
});
