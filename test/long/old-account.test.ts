import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { runsOf } from '../../bench/long-life/runs.ts';
import { accountQuery } from '../../contract/accounts.ts';
import { timelineQuery } from '../../contract/command-messages.ts';
import { accountWorkflowId } from '../../domain/ids.ts';
import { control } from '../e2e/support.ts';
import { completeAccount } from '../support/sellers.ts';
import { continuingAfter } from '../support/server-args.ts';
import type { Waybill } from '../support/waybill.ts';
import { request, startWaybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

const CHANGES = 240;
/** So few events a run that the account continues as new all the time. */
const EVENTS = 100;
/** What comes on top until a run can end: the command under way, with its events. */
const EVENTS_MORE = 60;
const CARRIED_BYTES_MAX = 256 * 1_024;
const TIMELINE_MAX = 500;

let waybill: Waybill;
let id: string;
let firstRunId: string;
const workflow = () => waybill.env.client.workflow.getHandle(accountWorkflowId('old'));
const post = (path: string, body: object, key?: string) =>
  request(waybill, 'POST', path, { body, ...(key ? { key } : {}) });

/** Its payout schedule is changed, Stripe asks for something or no longer does, something is refused. */
async function live(n: number): Promise<void> {
  const interval = n % 2 === 0 ? 'manual' : 'daily';
  expect((await post('/v1/accounts/old/payout_schedule', { interval }, `schedule-${n}`)).status).toBe(200);
  await control(waybill, `accounts/${id}`, {
    capabilities: { transfers: n % 4 < 2 ? 'inactive' : 'active' },
  });
  if (n % 10 === 0)
    expect((await post('/v1/accounts/old/deauthorize', {}, `deauthorize-${n}`)).status).toBe(409);
}

beforeAll(async () => {
  waybill = await startWaybill({}, { webhooks: true }, { serverArgs: continuingAfter(EVENTS) });
  const made = await post('/v1/accounts', completeAccount('old'), 'create-old');
  expect(made.status).toBe(201);
  ({ id } = made.body);
  firstRunId = (await workflow().describe()).runId;
  await control(waybill, 'clock/advance', { seconds: 10 });
  for (let n = 0; n < CHANGES; n++) await live(n);
}, 600_000);
afterAll(() => waybill?.stop());

describe(`an account that was changed ${CHANGES} times, by its caller and by Stripe`, () => {
  it('is what Stripe shows', async () => {
    const { settings } = await waybill.stripe.accounts.retrieve(id);
    expect(settings?.payouts?.schedule.interval).toBe('daily');
    await vi.waitFor(async () => {
      expect(await workflow().query(accountQuery)).toMatchObject({
        facts: { payoutSchedule: { interval: 'daily' }, capabilities: { transfers: 'active' } },
        pending: null,
        attention: null,
      });
    }, WITHIN);
  });

  it('has short histories, and leaves no more to its next run than it may remember', async () => {
    const runs = await runsOf(waybill.env.client, accountWorkflowId('old'), firstRunId);
    expect(runs.length).toBeGreaterThan(CHANGES / EVENTS);
    for (const { events, carriedBytes } of runs) {
      expect(events).toBeLessThan(EVENTS + EVENTS_MORE);
      expect(carriedBytes).toBeLessThan(CARRIED_BYTES_MAX);
    }
    const { entries, dropped } = await workflow().query(timelineQuery);
    expect(entries).toHaveLength(TIMELINE_MAX);
    expect(entries[0]).toMatchObject({ type: 'command', name: 'create' });
    expect(dropped).toBeGreaterThan(0);
  });

  it('answers a repeat of what it remembers from an earlier run, and of its creation, without a second effect', async () => {
    const before = (await workflow().query(timelineQuery)).dropped;
    for (const key of [`schedule-${CHANGES - 30}`, `schedule-${CHANGES - 1}`]) {
      const n = Number(key.split('-')[1]);
      const interval = n % 2 === 0 ? 'manual' : 'daily';
      expect((await post('/v1/accounts/old/payout_schedule', { interval }, key)).status).toBe(200);
    }
    expect((await post('/v1/accounts', completeAccount('old'), 'create-old')).body.id).toBe(id);
    expect((await workflow().query(timelineQuery)).dropped).toBe(before);
  });
});
