import { describe, expect, it } from 'vitest';
import { at, useSandbox } from './support.ts';

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

  it('with a capability that Stripe does not know is refused', async () => {
    const answer = await custom({ 'capabilities[cards][requested]': 'true' });
    expect(answer.status).toBe(400);
    expect(answer.body.error).toMatchObject({
      code: 'parameter_unknown',
      message: 'Received unknown parameter: capabilities[cards]',
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

  it('of a company needs the details of its owners and representative before it can do anything', async () => {
    const { status, body } = await custom({ business_type: 'company', ...bank('000123456789') });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      object: 'account',
      type: 'custom',
      capabilities: { card_payments: 'inactive', transfers: 'inactive' },
      charges_enabled: false,
      payouts_enabled: false,
      external_accounts: {
        total_count: 1,
        data: [
          {
            object: 'bank_account',
            id: expect.stringMatching(/^ba_/),
            country: 'US',
            currency: 'usd',
            status: 'new',
          },
        ],
        url: `/v1/accounts/${body.id}/external_accounts`,
      },
      requirements: {
        disabled_reason: 'requirements.past_due',
        currently_due: expect.arrayContaining(['company.owners_provided', 'owners.email']),
        past_due: expect.arrayContaining(['company.owners_provided', 'owners.email']),
      },
    });

    const person = await sandbox.call('POST', `/v1/accounts/${body.id}/persons`, {
      id_number: '000000000',
      'relationship[representative]': 'true',
      'relationship[title]': 'CEO',
    });
    expect(person.body).toMatchObject({
      object: 'person',
      id: expect.stringMatching(/^person_/),
      requirements: { currently_due: [], eventually_due: [], past_due: [] },
    });
  });

  it('of an individual is verified first: pending, then active', async () => {
    const { body } = await custom({ business_type: 'individual', ...bank('000123456789') });
    expect(body).toMatchObject({
      capabilities: { card_payments: 'pending', transfers: 'pending' },
      charges_enabled: false,
      payouts_enabled: false,
      requirements: { currently_due: [], disabled_reason: 'requirements.pending_verification', past_due: [] },
    });
    const persons = await sandbox.stripe.accounts.listPersons(body.id);
    const person = await sandbox.stripe.accounts.updatePerson(body.id, at(persons.data, 0).id, {
      verification: { document: { front: 'file_identity_document_success' } },
    });
    expect(person.requirements).toMatchObject({ currently_due: [], past_due: [] });

    await sandbox.advanceClock(60);
    expect(await sandbox.stripe.accounts.retrieve(body.id)).toMatchObject({
      capabilities: { card_payments: 'active', transfers: 'active' },
      charges_enabled: true,
      payouts_enabled: true,
      requirements: { disabled_reason: null },
      controller: {
        type: 'application',
        fees: { payer: 'application_custom' },
        losses: { payments: 'application' },
        requirement_collection: 'application',
        stripe_dashboard: { type: 'none' },
      },
    });
  });
});
