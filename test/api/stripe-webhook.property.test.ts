import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { transferTransferGroup } from '../../domain/commands/transfer-groups.ts';
import { createSandbox, SEEDED_ACCOUNTS } from '../../sandbox/index.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { oddJson, withOddParts } from '../support/odd-json.ts';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';
import type { ServedApp } from './serve-app.ts';
import { serveApp } from './serve-app.ts';

const SECRET = 'whsec_platform';
/** Temporal refuses a longer summary. */
const SUMMARY_BYTES_MAX = 400;
const ID = /^[A-Za-z0-9_]{1,255}$/;
/** More than twice Stripe's longest. */
const TYPE_MAX = 128;
/** The last second that a date of JavaScript can show. */
const LAST_SECOND = 8_640_000_000_000;

const { webhooks } = createStripeClient({ secretKey: 'sk_test_1', apiBase: 'http://127.0.0.1:9' });

/** What reached Temporal since it was emptied. */
const calls: string[] = [];
let app: ServedApp;
let events: readonly object[];
beforeAll(async () => {
  app = await serveApp({ webhookSecrets: [SECRET], temporal: emptyTemporal() });
  events = await eventsOfAWeek();
});
afterAll(() => app?.stop());

/** A Temporal that knows no workflow, and takes every new one whose start a real one would take. */
function emptyTemporal(): Client {
  const absent = (workflowId: string) => async () => {
    calls.push(workflowId);
    throw new WorkflowNotFoundError('none', workflowId, undefined);
  };
  const workflow = {
    getHandle: (id: string) => ({ signal: absent(id), describe: absent(id) }),
    list: async function* ({ query }: { query: string }) {
      calls.push(query);
      yield* [];
    },
    count: async ({ query }: { query: string }) => {
      calls.push(query);
      return { count: 1 };
    },
    start: async (_: string, { workflowId, args, staticSummary }: StartOptions) => {
      calls.push(workflowId);
      expect(Buffer.byteLength(staticSummary)).toBeLessThanOrEqual(SUMMARY_BYTES_MAX);
      for (const { subject } of args) {
        const { kind: _, wouldNameOrder: __, at = 0, ...texts } = subject;
        for (const text of Object.values(texts)) expect(text).toBeTypeOf('string');
        expect(new Date(Number(at)).getTime()).toBe(at);
      }
    },
  };
  const options = { loadedDataConverter: { payloadCodecs: [] } };
  return { connection: SCRIPTED_CONNECTION, workflow, options } as unknown as Client;
}

interface StartOptions {
  readonly workflowId: string;
  readonly staticSummary: string;
  readonly args: readonly { readonly subject: Record<string, unknown> }[];
}

/** One of each type that a shop's first week brings, of the platform and of a connected account. */
async function eventsOfAWeek(): Promise<readonly object[]> {
  const sandbox = createSandbox({ seed: 1, now: Date.UTC(2026, 2, 2) });
  const { url } = await sandbox.listen();
  const stripe = createStripeClient({ secretKey: 'sk_test_waybill', apiBase: url });
  const seller = SEEDED_ACCOUNTS.usCustom;
  const payment = {
    amount: 1_000,
    currency: 'usd',
    confirm: true,
    payment_method_types: ['card'],
    transfer_data: { destination: seller },
    application_fee_amount: 123,
    metadata: { waybill_order: 'o-1' },
  };
  const ready = { ...payment, payment_method: 'pm_card_bypassPending' };
  const { transfer_data: _, application_fee_amount: __, ...own } = ready;
  await stripe.paymentIntents.create({ ...own, amount: 9_000 });
  const { id } = await stripe.paymentIntents.create(ready);
  sandbox.advance(60);
  await stripe.refunds.create({
    payment_intent: id,
    amount: 300,
    reverse_transfer: true,
    refund_application_fee: true,
  });
  await stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_createDispute' });
  const bonus = { transfer_group: transferTransferGroup('bonus-1'), metadata: { waybill_order: 'bonus-1' } };
  const { id: transfer } = await stripe.transfers.create({
    ...{ amount: 50, currency: 'usd', destination: seller },
    ...bonus,
  });
  await stripe.transfers.createReversal(transfer);
  await stripe.accounts.update(seller, { metadata: { name: 'Ada' } });
  await stripe.payouts.create(
    { amount: 100, currency: 'usd', metadata: { waybill_payout: 'wpo_1' } },
    { stripeAccount: seller },
  );
  sandbox.advance(7 * 86_400);
  const ofPlatform = await stripe.events.list({ limit: 100 });
  const ofSeller = await stripe.events.list({ limit: 100 }, { stripeAccount: seller });
  await sandbox.close();
  const oneOfEach = new Map<string, object>();
  for (const { lastResponse: _, ...event } of [...ofPlatform.data, ...ofSeller.data] as (object & {
    lastResponse?: unknown;
    type?: string;
  })[]) {
    oneOfEach.set(String(event.type), { ...event, request: null });
  }
  return [...oneOfEach.values()];
}

/** Sent as Stripe would: signed over these very bytes. */
async function send(body: string) {
  const signature = webhooks.generateTestHeaderString({ payload: body, secret: SECRET });
  const response = await fetch(`${app.url}/webhooks/stripe`, {
    method: 'POST',
    headers: { 'Stripe-Signature': signature, 'Content-Type': 'application/json' },
    body,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Whether all that Waybill reads of an event is there and is what Stripe documents. */
function isEvent(text: string): boolean {
  const event = parsed(text);
  if (!isObject(event)) return false;
  const { object, id, type, created, livemode, data, account = '', request = null } = event;
  return (
    object === 'event' &&
    typeof id === 'string' &&
    ID.test(id) &&
    typeof type === 'string' &&
    type.length <= TYPE_MAX &&
    Number.isSafeInteger(created) &&
    Number(created) >= 0 &&
    Number(created) <= LAST_SECOND &&
    typeof livemode === 'boolean' &&
    isObject(data) &&
    typeof account === 'string' &&
    (request === null || isRequest(request))
  );
}

/** An old version of Stripe's API names the request by its id alone. */
function isRequest(request: unknown): boolean {
  if (typeof request === 'string') return true;
  if (!isObject(request)) return false;
  const { id = null, idempotency_key: key = null } = request;
  return [id, key].every((one) => one === null || typeof one === 'string');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function expectTakenOrRefused(body: string): Promise<void> {
  calls.length = 0;
  const { status, body: answer } = await send(body);
  if (isEvent(body)) {
    const isOther = (JSON.parse(body) as { livemode: boolean }).livemode;
    expect(status, JSON.stringify(answer)).toBe(isOther ? 400 : 200);
  } else {
    expect([status, answer.code, calls]).toEqual([400, 'invalid_request', []]);
  }
}

describe('what is signed with the right secret', () => {
  it('is refused where it is no event, whatever it is, and nothing comes of it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(oddJson, fc.string({ unit: 'binary' })), async (body) => {
        await expectTakenOrRefused(body);
      }),
      { numRuns: 150 },
    );
  });

  it('is taken or refused, never failed at, where it is an event with something odd in it', async () => {
    expect(events.length).toBeGreaterThan(15);
    const odd = fc.nat(events.length - 1).chain((n) => withOddParts(events[n] ?? {}));
    await fc.assert(fc.asyncProperty(odd, expectTakenOrRefused), { numRuns: 400 });
  });

  it('is taken as it comes', async () => {
    for (const event of events) expect((await send(JSON.stringify(event))).status).toBe(200);
  });
});
