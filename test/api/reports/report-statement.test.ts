import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { PERIOD_DAYS_MAX } from '../../../api/http/bounded-period.ts';
import { createStripeClient } from '../../../stripe/client.ts';
import { ACCOUNTS, card, start } from '../../sandbox/support.ts';
import { serveApp } from '../serve-app.ts';

const DAY_MS = 86_400_000;

/** A client to which an account is listed, between the others, that is connected no longer. */
function withDisconnectedAccount(url: string): Stripe {
  const node = Stripe.createNodeHttpClient();
  const send = node.makeRequest.bind(node);
  node.makeRequest = async (...request) => {
    const response = await send(...request);
    if (!request[2].startsWith('/v1/accounts?')) return response;
    const list = await response.toJSON();
    list.data.splice(1, 0, { ...list.data[0], id: 'acct_1Disconnected' });
    return Object.assign(response, { toJSON: async () => list });
  };
  return createStripeClient({ secretKey: 'sk_test_waybill', apiBase: url, httpClient: node });
}

it('a daily statement has every account that is connected, though one was disconnected after it was listed', async () => {
  const began = Date.now() - 3 * DAY_MS;
  const { url, stripe } = await start({ now: began });
  const date = new Date(began).toISOString().slice(0, 10);
  const sold = [ACCOUNTS.usCustom, ACCOUNTS.jpCustom, ACCOUNTS.usStandard];
  await stripe.paymentIntents.create({ ...card, amount: 1_000, transfer_data: { destination: sold[0] ?? '' } });
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
