import type Stripe from 'stripe';
import { expect, it } from 'vitest';
import { balanceAt } from '../../stripe/account-statement.ts';
import { asPlatform } from '../../stripe/acting-as.ts';
import { card, type Harness, START, start } from '../sandbox/support.ts';
import { clientThrough, PATH } from '../support/client-through.ts';

/** A client that reads the balance while somebody pays, so many times. */
function whileBusy({ stripe, url }: Harness, times: number): Stripe {
  let left = times;
  return clientThrough(url, async (send, request) => {
    const response = await send(...request);
    if (request[PATH].startsWith('/v1/balance?') || request[PATH] === '/v1/balance') {
      if (left-- > 0) await stripe.paymentIntents.create({ ...card, amount: 1_000 });
    }
    return response;
  });
}

/** A client to which lines of one second are listed in another order than they came, as Stripe may. */
function withOldestOfASecondFirst(stripe: Stripe): Stripe {
  const { balanceTransactions } = stripe;
  const list: Stripe['balanceTransactions']['list'] = (params = {}, options) => {
    const reordered = async () => {
      const { data } = await balanceTransactions.list({ ...params, limit: 100 }, options);
      const all = data.toReversed().toSorted((a, b) => b.created - a.created);
      return { ...{ object: 'list', url: '' }, data: all.slice(0, params.limit), has_more: false };
    };
    const each = async function* () {
      yield* (await reordered()).data;
    };
    return Object.assign(reordered(), { [Symbol.asyncIterator]: each }) as unknown as ReturnType<typeof list>;
  };
  return Object.assign(Object.create(stripe), { balanceTransactions: { list } });
}

it('what comes within the second of the newest line, after the balance was read, is not taken for a part of it', async () => {
  const harness = await start();
  await harness.stripe.paymentIntents.create({ ...card, amount: 1_000 });
  const moment = START / 1_000;
  expect(await balanceAt(withOldestOfASecondFirst(whileBusy(harness, 1)), asPlatform, moment)).toEqual({});
});

it('a balance that never moved is known, too', async () => {
  const { stripe } = await start();
  expect(await balanceAt(stripe, asPlatform, START / 1_000)).toEqual({});
});

it('a balance is read between two movements, also on a platform whose money moves most of the time', async () => {
  const harness = await start();
  await harness.stripe.paymentIntents.create({ ...card, amount: 1_000 });
  harness.sandbox.advance(3_600);
  const noon = START / 1_000 + 1_800;
  expect(await balanceAt(whileBusy(harness, 15), asPlatform, noon)).toEqual({ usd: 941 });
  expect(await balanceAt(whileBusy(harness, 1_000), asPlatform, noon)).toBeNull();
});
