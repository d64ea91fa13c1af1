import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Receiver } from '../../dev/event-receiver.ts';
import { startReceiver } from '../../dev/event-receiver.ts';
import type { Stack } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { control, sandboxRequests } from '../e2e/support.ts';
import { ensureBuilt } from '../support/build.ts';
import { BANK, completeAccount, SELLER, secretsIn } from '../support/sellers.ts';
import type { Answer } from '../support/waybill.ts';
import { request, SECRET_KEY } from '../support/waybill.ts';

/** How long a condition may take to come true, for `vi.waitFor`. */
const WITHIN = { timeout: 90_000, interval: 100 };

let stack: Stack;
let receiver: Receiver;
let at: { apiUrl: string; sandboxUrl: string };
beforeAll(async () => {
  ensureBuilt();
  stack = await startStack({ fresh: true, env: { LOG_LEVEL: 'trace' } });
  receiver = await startReceiver();
  at = { apiUrl: stack.urls.api, sandboxUrl: stack.urls.sandbox };
}, 300_000);
afterAll(async () => {
  await receiver?.stop();
  await stack?.stop();
});

/** Everything that callers were answered. */
const answers: string[] = [];

async function post(path: string, body: unknown, key: string): Promise<Answer> {
  const answer = await request(at, 'POST', path, {
    body,
    key,
    as: path === '/v1/event_subscriptions' ? 'ops' : 'service',
    headers: { prefer: 'wait=30' },
  });
  answers.push(JSON.stringify(answer.body));
  return answer;
}

async function get(path: string): Promise<Answer> {
  const answer = await request(at, 'GET', path, { as: 'service' });
  answers.push(JSON.stringify(answer.body));
  return answer;
}

it('a worker killed between an account’s creation and its link leaves one account and its event, and the onboarding goes on', async () => {
  const stripe = createStripeClient({ secretKey: SECRET_KEY, apiBase: stack.urls.sandbox });
  await post('/v1/event_subscriptions', { url: receiver.url, events: ['account.onboarding'] }, 'subscribe');
  // Stripe makes the account and answers late: the worker is dead by then.
  await control(at, 'faults', {
    match: { method: 'POST', path: '/v1/accounts' },
    effect: { delay_ms: 3_000, when: 'after' },
  });
  const body = { id: 'killed', type: 'express', country: 'US', capabilities: ['transfers'] };
  const making = post('/v1/accounts', body, 'make');
  const ofOurs = async () =>
    (await stripe.accounts.list({ limit: 100 })).data.filter(
      ({ metadata }) => metadata?.waybill_account === 'killed',
    );
  await vi.waitFor(async () => expect(await ofOurs()).toHaveLength(1), WITHIN);
  await stack.processes.worker.kill('SIGKILL');
  await stack.processes.worker.start();

  await making;
  await vi.waitFor(async () => {
    const again = await post('/v1/accounts', body, 'make');
    expect(again).toMatchObject({ status: 201, body: { reference: 'killed', status: 'onboarding' } });
  }, WITHIN);
  expect(await ofOurs()).toHaveLength(1);
  const [account] = await ofOurs();
  const link = await post(
    `/v1/accounts/${account?.id}/onboarding_link`,
    { return_url: 'https://shop.example.com/done', refresh_url: 'https://shop.example.com/again' },
    'link',
  );
  expect(link.status).toBe(201);
  await vi.waitFor(() => {
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids)).toEqual(new Set(['evt_account~killed~1']));
  }, WITHIN);
});

it('identity data and bank numbers are nowhere but at Stripe: no history, log, journal or answer holds them', async () => {
  const made = await post('/v1/accounts', completeAccount('secret'), 'secret-1');
  expect(made.status).toBe(201);
  await post('/v1/accounts', completeAccount('secret'), 'secret-1');
  const path = `/v1/accounts/${made.body.id}`;
  await post(path, { individual: { ...SELLER, phone: '+15550104477' } }, 'secret-2');
  await post(`${path}/external_accounts`, { external_account: BANK }, 'secret-3');
  await control(at, 'clock/advance', { seconds: 10 });
  await vi.waitFor(async () => expect((await get(path)).body.status).toBe('enabled'), WITHIN);

  const company = await post(
    '/v1/accounts',
    {
      id: 'secret-company',
      type: 'custom',
      country: 'US',
      business_type: 'company',
      company: {
        name: 'Quillfeather Ltd',
        tax_id: '900617351',
        phone: SELLER.phone,
        address: SELLER.address,
      },
      tos_shown_and_accepted: true,
    },
    'secret-4',
  );
  await post(
    `/v1/accounts/${company.body.id}/persons`,
    { ...SELLER, relationship: { representative: true, title: 'CEO' } },
    'secret-5',
  );
  // What is refused is not repeated either: by our own schema, by Stripe, and while Stripe is broken.
  // The name of an unknown field is repeated to who sent it, its value is not.
  const wrong = { ...SELLER, ssn_last_4: '7351x', nickname: 'Zephyrine Quillfeather' };
  await post(path, { individual: wrong }, 'secret-6');
  await post(path, { individual: { ...SELLER, dob: '1961-11-17 Zephyrine' } }, 'secret-7');
  await post(
    `${path}/external_accounts`,
    { external_account: { ...BANK, account_number: '7351000222222227' } },
    'secret-8',
  );
  await control(at, 'faults', { match: { method: 'POST', path: '/v1/tokens' }, effect: { status: 500 } });
  expect((await post(path, { individual: SELLER }, 'secret-9')).status).toBe(503);
  await get(path);
  await get(`${path}/timeline`);
  await get('/v1/accounts?limit=100');

  const places: Record<string, string> = {
    'what callers were answered': answers.join('\n'),
    'the sandbox’s request log': JSON.stringify(await sandboxRequests(at)),
    'workflow histories': await histories(),
    ...Object.fromEntries(
      (['api', 'worker', 'sandbox', 'temporal'] as const).map((part) => [
        `the log of ${part}`,
        readFileSync(stack.logFile(part), 'utf8'),
      ]),
    ),
  };
  const found = Object.entries(places).flatMap(([place, text]) =>
    secretsIn(text).map((secret) => `${secret} in ${place}`),
  );
  expect(found).toEqual([]);
  // Numbers are in no book of the sandbox either; names it has to know, to be a Stripe.
  const journal = readFileSync(join(stack.config.sandbox.dataDir, 'journal.jsonl'), 'utf8');
  expect([SELLER.id_number, BANK.account_number].filter((number) => journal.includes(number))).toEqual([]);
  expect(places['workflow histories']).toContain('secret-company');
  expect(places['the sandbox’s request log']).toContain('/v1/tokens');
});

/** Every history of every account, payloads decoded. */
async function histories(): Promise<string> {
  const connection = await Connection.connect(stack.config.temporal.connection);
  try {
    const { workflow } = new Client({ connection, namespace: stack.config.temporal.namespace });
    const texts: string[] = [];
    for await (const { workflowId, runId } of workflow.list({ query: "WorkflowType = 'account'" })) {
      const history = await workflow.getHandle(workflowId, runId).fetchHistory();
      texts.push(workflowId, decoded(historyToJSON(history)));
    }
    return texts.join('\n');
  } finally {
    await connection.close();
  }
}

function decoded(json: unknown): string {
  const text = JSON.stringify(json);
  const payloads = [...text.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)].map(([, data = '']) =>
    Buffer.from(data, 'base64').toString(),
  );
  return [text, ...payloads].join('\n');
}
