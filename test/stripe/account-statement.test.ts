import Stripe from 'stripe';
import { expect, it } from 'vitest';
import { balanceAt } from '../../stripe/account-statement.ts';
import { asPlatform } from '../../stripe/acting-as.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { card, type Harness, START, start } from '../sandbox/support.ts';

/** A client that reads the balance while somebody pays, so many times. */
function whileBusy({ stripe, url }: Harness, times: number): Stripe {
  const node = Stripe.createNodeHttpClient();
  const send = node.makeRequest.bind(node);
  let left = times;
  node.makeRequest = async (...request) => {
    const response = await send(...request);
    if (request[2].startsWith('/v1/balance?') || request[2] === '/v1/balance') {
      if (left-- > 0) await stripe.paymentIntents.create({ ...card, amount: 1_000 });
    }
    return response;
  };
  return createStripeClient({ secretKey: 'sk_test_waybill', apiBase: url, httpClient: node });
}

it('a balance is read between two movements, also on a platform whose money moves most of the time', async () => {
  const harness = await start();
  await harness.stripe.paymentIntents.create({ ...card, amount: 1_000 });
  harness.sandbox.advance(3_600);
  const noon = START / 1_000 + 1_800;
  expect(await balanceAt(whileBusy(harness, 15), asPlatform, noon)).toEqual({ usd: 941 });
  expect(await balanceAt(whileBusy(harness, 1_000), asPlatform, noon)).toBeNull();
});
