import { describe, expect, it } from 'vitest';
import { DAY_S, idOf, useSandbox } from './support.ts';

const sandbox = useSandbox();

const KEY_LENGTH_MAX = 255;
const AT_ONCE = 50;

const payment = {
  amount: '1000',
  currency: 'usd',
  payment_method: 'pm_card_visa',
  confirm: 'true',
  'automatic_payment_methods[enabled]': 'true',
  'automatic_payment_methods[allow_redirects]': 'never',
};

const post = (path: string, key: string, params: Record<string, string>) =>
  sandbox.call('POST', path, params, { 'Idempotency-Key': key });

async function transferParams(): Promise<Record<string, string>> {
  const destination = await sandbox.account();
  const source_transaction = idOf((await sandbox.pay({ amount: 10_000 })).latest_charge);
  return { amount: '4843', currency: 'usd', destination, source_transaction };
}

describe('the same key again', () => {
  it('answers the same bytes, marked as a replay of the first request, and moves nothing', async () => {
    const params = await transferParams();
    const first = await post('/v1/transfers', 'payin_transfer_1460', params);
    const second = await post('/v1/transfers', 'payin_transfer_1460', params);

    expect(first.status).toBe(200);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(first.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(first.headers.get('stripe-should-retry')).toBe('false');
    expect(first.headers.get('idempotency-key')).toBe('payin_transfer_1460');

    expect(second.status).toBe(200);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
    expect(second.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(second.headers.get('request-id')).toMatch(/^req_/);
    expect(second.headers.get('request-id')).not.toBe(first.headers.get('request-id'));

    const sent = await sandbox.stripe.transfers.list({ destination: String(params.destination) });
    expect(sent.data).toHaveLength(1);
  });

  it('replays a decline, too: the card is not asked again', async () => {
    const declined = { ...payment, payment_method: 'pm_card_visa_chargeDeclined' };
    const first = await post('/v1/payment_intents', 'declined', declined);
    const second = await post('/v1/payment_intents', 'declined', declined);

    expect(first.status).toBe(402);
    expect(second.status).toBe(402);
    expect(second.text).toBe(first.text);
    expect(second.headers.get('idempotent-replayed')).toBe('true');
  });

  it('with other parameters is refused', async () => {
    await post('/v1/payment_intents', 'same-key', payment);
    const other = await post('/v1/payment_intents', 'same-key', { ...payment, amount: '1001' });

    expect(other.status).toBe(400);
    expect(other.body.error).toMatchObject({
      type: 'idempotency_error',
      message:
        "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than 'same-key' if you meant to execute a different request.",
    });
  });

  it('after a validation failure is a new request: nothing had begun', async () => {
    const zero = await post('/v1/payment_intents', 'corrected', { ...payment, amount: '0' });
    expect(zero.status).toBe(400);

    const good = await post('/v1/payment_intents', 'corrected', payment);
    expect(good.status).toBe(200);
    expect(good.headers.get('idempotent-replayed')).toBeNull();
  });

  it('on behalf of another account is another key', async () => {
    const seller = await sandbox.account();
    const ours = await post('/v1/customers', 'one-key', {});
    const theirs = await sandbox.call(
      'POST',
      '/v1/customers',
      {},
      { 'Idempotency-Key': 'one-key', 'Stripe-Account': seller },
    );
    expect(theirs.status).toBe(200);
    expect(theirs.body.id).not.toBe(ours.body.id);
  });

  it('may be forgotten after a day, and then the request runs again', async () => {
    const first = await post('/v1/customers', 'yesterday', {});
    await sandbox.advanceClock(DAY_S + 3600);
    const second = await post('/v1/customers', 'yesterday', {});
    expect(second.body.id).not.toBe(first.body.id);
    expect(second.headers.get('idempotent-replayed')).toBeNull();
  });
});

describe('one request sent many times at once', () => {
  it('runs once: the others get its answer, or that it is in flight', async () => {
    const params = await transferParams();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => post('/v1/transfers', 'fifty', params)),
    );

    const done = answers.filter(({ status }) => status === 200);
    const inFlight = answers.filter(({ status }) => status === 409);
    expect(done.length + inFlight.length).toBe(AT_ONCE);
    expect(done.filter(({ headers }) => headers.get('idempotent-replayed') === null)).toHaveLength(1);
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    for (const { body } of inFlight) expect(body.error.code).toBe('idempotency_key_in_use');

    const sent = await sandbox.stripe.transfers.list({ destination: String(params.destination) });
    expect(sent.data).toHaveLength(1);
  });
});

describe('a key', () => {
  it(`of ${KEY_LENGTH_MAX} characters is the longest`, async () => {
    const longest = await post('/v1/customers', 'k'.repeat(KEY_LENGTH_MAX), {});
    expect(longest.status).toBe(200);
    const tooLong = await post('/v1/customers', 'k'.repeat(KEY_LENGTH_MAX + 1), {});
    expect(tooLong.status).toBe(400);
  });

  it('means nothing on a GET', async () => {
    const get = () => sandbox.call('GET', '/v1/balance', {}, { 'Idempotency-Key': 'a-read' });
    const [first, second] = [await get(), await get()];
    expect(first.status).toBe(200);
    expect(second.headers.get('idempotent-replayed')).toBeNull();
    expect(second.headers.get('original-request')).toBeNull();
  });
});
