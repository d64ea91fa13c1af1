import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { expect, it, onTestFinished, vi } from 'vitest';
import { PERIOD_DAYS_MAX } from '../../../api/http/bounded-period.ts';
import { ACCOUNTS, card, start } from '../../sandbox/support.ts';
import { clientShown, clientThrough, HEADERS, PATH } from '../../support/client-through.ts';
import { WITHIN } from '../../support/within.ts';
import { serveApp } from '../serve-app.ts';

const DAY_MS = 86_400_000;

/** A client to which an account is listed, between the others, that is connected no longer. */
function withDisconnectedAccount(url: string): Stripe {
  return clientShown(url, '/v1/accounts', (accounts) => {
    accounts.splice(1, 0, { ...accounts[0], id: 'acct_1Disconnected' });
  });
}

it('a daily statement has every account that is connected, though one was disconnected after it was listed', async () => {
  const began = Date.now() - 3 * DAY_MS;
  const { url, stripe } = await start({ now: began });
  const date = new Date(began).toISOString().slice(0, 10);
  const sold = [ACCOUNTS.usCustom, ACCOUNTS.jpCustom, ACCOUNTS.usStandard];
  await stripe.paymentIntents.create({
    ...card,
    amount: 1_000,
    transfer_data: { destination: sold[0] ?? '' },
  });
  for (const stripeAccount of sold) {
    await stripe.paymentIntents.create({ ...card, amount: 500 }, { stripeAccount });
  }
  const app = await serveApp({ stripe: withDisconnectedAccount(url) });
  const headers = { Authorization: 'Bearer secret-read' };
  const answer = await fetch(`${app.url}/v1/reports/statements/daily?date=${date}`, { headers });
  const rows = (await answer.text()).trimEnd().split('\r\n').slice(1);
  await app.stop();
  const closed = rows.flatMap((row) => {
    const [, account, , record] = row.split(',');
    return record === 'closing' ? [account] : [];
  });
  expect(closed.toSorted()).toEqual(['', ...sold].toSorted());
});

it('the first day of the longest quarter can be had all through the day after it, and none before that', async () => {
  const { stripe } = await start();
  const app = await serveApp({ stripe });
  const statusOf = async (daysAgo: number) => {
    const date = new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);
    const query = `date=${date}&connected_account=${ACCOUNTS.usCustom}`;
    return (await app.call('GET', `/v1/reports/statements/daily?${query}`)).status;
  };
  const statuses = [await statusOf(PERIOD_DAYS_MAX), await statusOf(PERIOD_DAYS_MAX + 1), await statusOf(0)];
  await app.stop();
  expect(statuses).toEqual([200, 400, 400]);
});

/** A client that gets no balance of one account. */
function withoutBalanceOf(url: string, account: string): Stripe {
  return clientThrough(url, (send, request) => {
    const isRefused = request[PATH] === '/v1/balance' && Object.values(request[HEADERS]).includes(account);
    if (isRefused) request[PATH] = '/v1/no_such_thing';
    return send(...request);
  });
}

it('the audit log says of which day and account a statement was, and whether all of it was sent', async () => {
  const began = Date.now() - 3 * DAY_MS;
  const { url, stripe } = await start({ now: began });
  await stripe.paymentIntents.create({
    ...card,
    amount: 1_000,
    transfer_data: { destination: ACCOUNTS.usCustom },
  });
  const date = new Date(began).toISOString().slice(0, 10);
  const auditDir = mkdtempSync(join(tmpdir(), 'waybill-exported-'));
  onTestFinished(() => rmSync(auditDir, { recursive: true }));
  const app = await serveApp({ stripe: withoutBalanceOf(url, ACCOUNTS.deCustom), auditDir });
  const path = `/v1/reports/statements/daily?date=${date}`;
  await app.call('GET', `${path}&connected_account=${ACCOUNTS.usCustom}`, { as: 'read' });
  await expect(app.call('GET', path, { as: 'read' })).rejects.toThrow();
  const [file = ''] = readdirSync(auditDir);
  const lines = () => readFileSync(join(auditDir, file), 'utf8').trimEnd().split('\n').slice(1);
  await vi.waitFor(() => expect(lines()).toHaveLength(2), WITHIN);
  await app.stop();
  expect(lines().map((line) => JSON.parse(line))).toMatchObject([
    { asked: { date, connected_account: ACCOUNTS.usCustom }, status: 200, outcome: { complete: true } },
    { asked: { date }, status: 200, outcome: { complete: false } },
  ]);
});
