import { describe, expect, it } from 'vitest';
import { sendForm } from '../support/form.ts';
import { ACCOUNTS, card, errorOf, type Harness, start } from './support.ts';

const CALLBACK = 'http://127.0.0.1:1/callback';
const ASKED = {
  client_id: 'ca_waybill',
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'read_write',
  state: 's',
};

/** The consent page's answer, without a browser: where it sends the merchant, and with what. */
async function decide({ url }: Harness, asked: object, form: Record<string, string>) {
  const query = new URLSearchParams({ ...asked });
  const response = await sendForm(`${url}/oauth/authorize?${query}`, form);
  const location = response.headers.get('location');
  const params = location === null ? {} : Object.fromEntries(new URL(location).searchParams);
  return { status: response.status, location, params: params as Record<string, string> };
}

const CONNECT = { action: 'connect', account: 'new', email: 'owner@example.com', country: 'US' };

async function codeOf(harness: Harness, form: Record<string, string> = CONNECT): Promise<string> {
  const { params } = await decide(harness, ASKED, form);
  return String(params.code);
}

const exchange = ({ stripe }: Harness, code: string) =>
  stripe.oauth.token({ grant_type: 'authorization_code', code });

describe('a consent', () => {
  it('connects the account when it is exchanged, not before', async () => {
    const harness = await start();
    const { stripe } = harness;
    const before = (await stripe.accounts.list()).data.length;
    const code = await codeOf(harness);
    expect((await stripe.accounts.list()).data).toHaveLength(before);

    const { stripe_user_id: id = '' } = await exchange(harness, code);
    expect((await stripe.accounts.list()).data.map((one) => one.id)).toContain(id);
    const { data } = await stripe.events.list({}, { stripeAccount: id });
    expect(data).toMatchObject([
      {
        type: 'account.application.authorized',
        account: id,
        data: { object: { id: 'ca_waybill', object: 'application' } },
      },
    ]);
    await stripe.paymentIntents.create({ ...card, amount: 1000, transfer_data: { destination: id } });
  });

  it('is good once, and for five minutes', async () => {
    const harness = await start();
    const spent = await codeOf(harness);
    await exchange(harness, spent);
    const old = await codeOf(harness);
    harness.sandbox.advance(301);
    for (const code of [spent, old, 'ac_unknown']) {
      expect(await errorOf(exchange(harness, code))).toMatchObject({
        statusCode: 400,
        type: 'StripeInvalidGrantError',
        message: expect.stringContaining(code),
      });
    }
  });

  it.each([
    [{ response_type: 'token' }, { error: 'unsupported_response_type', state: 's' }],
    [{ scope: 'everything' }, { error: 'invalid_scope', state: 's' }],
  ])('asked for wrongly (%j) is told to the platform', async (wrong, params) => {
    const answer = await decide(await start(), { ...ASKED, ...wrong }, CONNECT);
    expect(answer).toMatchObject({ status: 303, params });
  });

  it.each([{ client_id: 'ca_other' }, { redirect_uri: 'javascript:alert(1)' }, { redirect_uri: '' }])(
    'asked for by who knows whom (%j) sends nobody anywhere',
    async (wrong) => {
      const answer = await decide(await start(), { ...ASKED, ...wrong }, CONNECT);
      expect(answer).toMatchObject({ status: 400, location: null });
    },
  );

  it('given by nobody leads nowhere: the page asks again', async () => {
    const answer = await decide(await start(), ASKED, { ...CONNECT, email: '' });
    expect(answer).toMatchObject({ status: 200, location: null });
  });
});

describe('an account that is disconnected', () => {
  it('is out of reach, until its owner consents again', async () => {
    const harness = await start();
    const { stripe } = harness;
    const id = ACCOUNTS.usStandard;
    const end = () => stripe.oauth.deauthorize({ client_id: 'ca_waybill', stripe_user_id: id });
    expect(await end()).toEqual(expect.objectContaining({ stripe_user_id: id }));

    for (const attempt of [
      stripe.accounts.retrieve(id),
      stripe.balance.retrieve({}, { stripeAccount: id }),
    ]) {
      expect(await errorOf(attempt)).toMatchObject({ statusCode: 403, code: 'account_invalid' });
    }
    const sent = stripe.paymentIntents.create({ ...card, amount: 1000, transfer_data: { destination: id } });
    expect(await errorOf(sent)).toMatchObject({
      code: 'resource_missing',
      param: 'transfer_data[destination]',
    });
    expect(await errorOf(end())).toMatchObject({ statusCode: 401, type: 'StripeInvalidClientError' });

    await exchange(harness, await codeOf(harness, { action: 'connect', account: id }));
    expect((await stripe.accounts.retrieve(id)).id).toBe(id);
    const { data } = await stripe.events.list({}, { stripeAccount: id });
    expect(data.map(({ type }) => type)).toEqual([
      'account.application.authorized',
      'account.application.deauthorized',
    ]);
  });

  it('can only be one that was connected by its owner', async () => {
    const { stripe } = await start();
    for (const stripe_user_id of [ACCOUNTS.usCustom, 'acct_unknown']) {
      const refused = stripe.oauth.deauthorize({ client_id: 'ca_waybill', stripe_user_id });
      expect(await errorOf(refused)).toMatchObject({ type: 'StripeInvalidClientError' });
    }
  });
});
