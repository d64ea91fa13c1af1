import { describe, expect, it } from 'vitest';
import { useSandbox } from './support.ts';

const sandbox = useSandbox();

const requested = {
  'capabilities[card_payments][requested]': 'true',
  'capabilities[transfers][requested]': 'true',
};
const bank = (account_number: string) => ({
  'bank_account[country]': 'US',
  'bank_account[currency]': 'usd',
  'bank_account[account_number]': account_number,
  'bank_account[routing_number]': '110000000',
});
const custom = (params: Record<string, string>) =>
  sandbox.call(
    'POST',
    '/v1/accounts',
    { type: 'custom', country: 'US', default_currency: 'usd', ...requested, ...params },
    { 'Idempotency-Key': crypto.randomUUID() },
  );

describe('a custom account', () => {
  it('with a bank account number that is not a test number is refused', async () => {
    const answer = await custom({ business_type: 'individual', ...bank('123123123') });

    expect(answer.status).toBe(400);
    expect(answer.headers.get('stripe-should-retry')).toBe('false');
    expect(answer.body.error).toMatchObject({
      type: 'invalid_request_error',
      code: 'account_number_invalid',
      param: 'bank_account[account_number]',
      message:
        'You must use a test bank account number in test mode. Try 000123456789 or see more options at https://stripe.com/docs/connect/testing#account-numbers.',
      doc_url: expect.stringMatching(/account-number-invalid$/),
    });
  });

  it('without a bank account can be paid, but not pay out', async () => {
    const { body } = await custom({ business_type: 'individual' });
    await sandbox.advanceClock(60);
    expect(await sandbox.stripe.accounts.retrieve(body.id)).toMatchObject({
      capabilities: { card_payments: 'active', transfers: 'active' },
      charges_enabled: true,
      payouts_enabled: false,
      external_accounts: { data: [], has_more: false, total_count: 0 },
      requirements: {
        currently_due: ['external_account'],
        eventually_due: ['external_account'],
        past_due: ['external_account'],
        disabled_reason: 'requirements.past_due',
      },
    });
  });

  it('in Canada is active from the first answer', async () => {
    const { body } = await custom({
      business_type: 'individual',
      country: 'CA',
      default_currency: 'cad',
      'external_account[object]': 'bank_account',
      'external_account[country]': 'CA',
      'external_account[currency]': 'cad',
      'external_account[routing_number]': '11000-000',
      'external_account[account_number]': '000123456789',
    });
    expect(body).toMatchObject({
      country: 'CA',
      default_currency: 'cad',
      capabilities: { card_payments: 'active', transfers: 'active' },
      charges_enabled: true,
      payouts_enabled: true,
      requirements: { currently_due: [], disabled_reason: null },
    });
  });
});
