import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { EvenPacer } from '../../../activities/shared/even-pacer.ts';
import { compareAccounts } from '../../../activities/stripe-events/compare-accounts.ts';
import { createConnectedActivities } from '../../../activities/stripe-events/connected.ts';
import { accountDigest } from '../../../domain/accounts/account-digest.ts';
import { accountFactsOf } from '../../../stripe/account-facts.ts';
import { createStripeClient } from '../../../stripe/client.ts';

type StripeAccount = Parameters<typeof accountFactsOf>[0];

const account = (status: 'active' | 'inactive') =>
  ({
    id: 'acct_1',
    object: 'account',
    payouts_enabled: true,
    capabilities: { transfers: status },
  }) as StripeAccount;

/** What Stripe's list shows, and what it shows of the account itself. */
let shown: { list: StripeAccount[]; itself: StripeAccount | null };
let server: Server;
let warnings: string[];
/** What visibility was asked for. */
let queries: string[];
beforeEach(async () => {
  warnings = [];
  queries = [];
  server = createServer(({ url }, response) => {
    const isList = url?.startsWith('/v1/accounts?') ?? false;
    const answer = isList ? { object: 'list', data: shown.list, has_more: false } : shown.itself;
    response.writeHead(answer ? 200 : 403, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { error: { type: 'invalid_request_error', message: 'No.' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => server.close());

/** Compares with one workflow, which shows the account as active; gives the ids of the signals that it was sent. */
async function signals(run: string): Promise<string[]> {
  const sent: string[] = [];
  const attributes: Record<string, unknown> = {
    ConnectedAccount: 'acct_1',
    AccountDigest: accountDigest(accountFactsOf(account('active'))),
  };
  const workflow = {
    async *list({ query }: { query: string }) {
      queries.push(query);
      const typedSearchAttributes = { get: ({ name }: { name: string }) => attributes[name] };
      yield { workflowId: 'account/seller', typedSearchAttributes };
    },
    getHandle: (workflowId: string) => ({
      signal: async (_: unknown, { eventId }: { eventId: string }) => {
        sent.push(`${workflowId} ${eventId}`);
      },
    }),
  };
  const { port } = server.address() as AddressInfo;
  const activities = createConnectedActivities({
    stripe: createStripeClient({ secretKey: 'sk_test_1', apiBase: `http://127.0.0.1:${port}` }),
    temporal: { workflow } as unknown as Client,
    ...{ taskQueue: 'test', livemode: false, retryBudgetMs: 1_000 },
    subscriptions: { list: async () => [] },
    cancellation: () => new AbortController().signal,
    warn: (message, { account, code }) => warnings.push(`${account} ${code}: ${message}`),
  });
  await activities.compareAccounts(run);
  return sent;
}

it('signals an account that differs, under the same id in each repeat of a run', async () => {
  shown = { list: [account('inactive')], itself: account('inactive') };
  const first = await signals('run-1');
  expect(first).toEqual(['account/seller sync:run-1']);
  expect(await signals('run-1')).toEqual(first);
  expect(await signals('run-2')).not.toEqual(first);
});

it.each<[string, StripeAccount[]]>([
  ['shows it otherwise than it is', [account('inactive')]],
  ['does not show it', []],
])('signals none for what only the list %s, which would never end', async (_, list) => {
  shown = { list, itself: account('active') };
  expect(await signals('run-1')).toEqual([]);
});

it('logs which account Stripe does not show, and why', async () => {
  shown = { list: [account('inactive')], itself: null };
  expect(await signals('run-1')).toEqual([]);
  expect(warnings).toEqual([
    expect.stringMatching(/^acct_1 .+: Stripe did not show the account acct_1: No\./),
  ]);
});

it.each([
  ['reads no orders where each account has its workflow', 'acct_1', 0],
  ['reads the orders that name an account without one', 'acct_2', 1],
])('%s', async (_, id, reads) => {
  shown = { list: [{ ...account('active'), id }], itself: account('active') };
  await signals('run-1');
  expect(queries.filter((query) => query.includes("WorkflowType = 'order'"))).toHaveLength(reads);
});

it.each([
  ['follows an account whose rejection was taken back', null, ['acct_2']],
  ['leaves one alone that is still rejected', 'rejected.fraud', []],
])('%s', async (_, disabled_reason, expected) => {
  const followed: string[] = [];
  const workflow = {
    async *list({ query }: { query: string }) {
      if (!query.includes("AccountStatus = 'rejected'")) return;
      for (const id of ['acct_2', 'acct_gone']) yield { typedSearchAttributes: { get: () => id } };
    },
  };
  const data = [{ ...account('active'), id: 'acct_2', requirements: { disabled_reason } }];
  await compareAccounts({
    stripe: { accounts: { list: async () => ({ data, has_more: false }) } } as unknown as Stripe,
    temporal: { workflow } as unknown as Client,
    pace: new EvenPacer(1_000, new AbortController().signal),
    requestRefresh: async () => true,
    follow: async (id) => {
      followed.push(id);
      return true;
    },
    logUnreadable: () => {},
  });
  expect(followed).toEqual(expected);
});
