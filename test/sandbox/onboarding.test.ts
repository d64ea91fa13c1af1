import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Stripe from 'stripe';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ACCOUNTS, errorOf, type Harness, start } from './support.ts';

const DAY_S = 86_400;
const VERIFICATION_S = 5;

const COLLECTED_BY_PLATFORM = {
  losses: { payments: 'application' },
  fees: { payer: 'application' },
  requirement_collection: 'application',
  stripe_dashboard: { type: 'none' },
} as const;

const BOTH = { card_payments: { requested: true }, transfers: { requested: true } };

const JENNY = {
  first_name: 'Jenny',
  last_name: 'Rosen',
  email: 'jenny@example.com',
  phone: '+10000000000',
  dob: { day: 1, month: 1, year: 1901 },
  address: { line1: 'address_full_match', city: 'San Francisco', state: 'CA', postal_code: '94111' },
  id_number: '000000000',
};

/** Complete but for what a test adds to or takes from the person. */
async function individual({ stripe }: Harness, person: object = {}): Promise<Stripe.Account> {
  const token = await stripe.tokens.create({
    account: {
      business_type: 'individual',
      individual: { ...JENNY, ...person },
      tos_shown_and_accepted: true,
    },
  });
  return await stripe.accounts.create({
    controller: COLLECTED_BY_PLATFORM,
    country: 'US',
    capabilities: BOTH,
    account_token: token.id,
    business_profile: { mcc: '5734', url: 'https://accessible.stripe.com' },
    external_account: 'btok_us_verified',
  });
}

const ACTIVE = { card_payments: 'active', transfers: 'active' };
const INACTIVE = { card_payments: 'inactive', transfers: 'inactive' };

describe('a connected account that the platform completes', () => {
  it('has less due with each detail that it gives, is reviewed, and then enabled', async () => {
    const { stripe, sandbox } = await start();
    const { id, requirements } = await stripe.accounts.create({
      controller: COLLECTED_BY_PLATFORM,
      country: 'US',
      capabilities: BOTH,
    });
    expect(requirements?.currently_due).toEqual([
      'business_profile.mcc',
      'business_profile.url',
      'business_type',
      'external_account',
      'representative.dob.day',
      'representative.dob.month',
      'representative.dob.year',
      'representative.email',
      'representative.first_name',
      'representative.last_name',
      'settings.payments.statement_descriptor',
      'tos_acceptance.date',
      'tos_acceptance.ip',
    ]);

    const told = await stripe.accounts.update(id, {
      business_type: 'individual',
      business_profile: { mcc: '5734', url: 'https://accessible.stripe.com' },
      tos_acceptance: { date: 1_700_000_000, ip: '203.0.113.7', user_agent: 'a browser' },
    });
    expect(told).toMatchObject({ capabilities: INACTIVE, details_submitted: false });
    expect(told.requirements?.currently_due).toEqual(
      expect.arrayContaining(['external_account', 'individual.dob.day', 'individual.ssn_last_4']),
    );

    const bank = await stripe.tokens.create({
      bank_account: {
        country: 'US',
        currency: 'usd',
        account_number: '000123456789',
        routing_number: '110000000',
      },
    });
    await stripe.accounts.createExternalAccount(id, { external_account: bank.id });
    const person = await stripe.tokens.create({ account: { individual: JENNY } });
    expect(await stripe.accounts.update(id, { account_token: person.id })).toMatchObject({
      capabilities: { card_payments: 'pending', transfers: 'pending' },
      details_submitted: true,
      individual: { id_number_provided: true, verification: { status: 'pending' } },
      payouts_enabled: false,
      requirements: {
        currently_due: [],
        disabled_reason: 'requirements.pending_verification',
        pending_verification: ['individual.id_number'],
      },
    });

    sandbox.advance(VERIFICATION_S);
    expect(await stripe.accounts.retrieve(id)).toMatchObject({
      capabilities: ACTIVE,
      charges_enabled: true,
      payouts_enabled: true,
      individual: { verification: { status: 'verified' } },
      requirements: { currently_due: [], disabled_reason: null, pending_verification: [] },
    });
    const { data } = await stripe.events.list({ limit: 100 }, { stripeAccount: id });
    expect(new Set(data.map(({ account }) => account))).toEqual(new Set([id]));
    expect(data.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'account.external_account.created',
        'account.updated',
        'capability.updated',
        'person.created',
        'person.updated',
      ]),
    );
  });

  it.each([
    { what: 'an id number that does not match', person: { id_number: '111111111' } },
    {
      what: 'an address that does not match',
      person: { address: { ...JENNY.address, line1: 'address_no_match' } },
    },
    { what: 'a date of birth that does not match', person: { dob: { day: 1, month: 1, year: 1900 } } },
  ])('with $what has to show a document', async ({ person }) => {
    const harness = await start();
    const { stripe, sandbox } = harness;
    const { id } = await individual(harness, person);
    sandbox.advance(VERIFICATION_S);
    const doubted = await stripe.accounts.retrieve(id);
    expect(doubted).toMatchObject({
      capabilities: INACTIVE,
      individual: { verification: { status: 'unverified' } },
      requirements: {
        currently_due: ['individual.verification.document'],
        disabled_reason: 'requirements.past_due',
        errors: [
          { code: 'verification_failed_keyed_identity', requirement: 'individual.verification.document' },
        ],
      },
    });

    const front = (file: string) => ({ individual: { verification: { document: { front: file } } } });
    await stripe.accounts.update(id, front('file_identity_document_failure'));
    sandbox.advance(VERIFICATION_S);
    expect((await stripe.accounts.retrieve(id)).capabilities).toEqual(INACTIVE);
    await stripe.accounts.update(id, front('file_identity_document_success'));
    sandbox.advance(VERIFICATION_S);
    expect((await stripe.accounts.retrieve(id)).capabilities).toEqual(ACTIVE);
  });

  it.each([
    { what: 'the id number', person: { id_number: '222222222' } },
    { what: 'the date of birth', person: { dob: { day: 1, month: 1, year: 1902 } } },
  ])('is enabled at once by $what that Stripe verifies at once', async ({ person }) => {
    const { capabilities } = await individual(await start(), person);
    expect(capabilities).toEqual(ACTIVE);
  });

  it('that is rejected can do nothing any more', async () => {
    const { stripe } = await start();
    expect(await stripe.accounts.reject(ACCOUNTS.usCustom, { reason: 'fraud' })).toMatchObject({
      capabilities: INACTIVE,
      charges_enabled: false,
      payouts_enabled: false,
      requirements: { disabled_reason: 'rejected.fraud' },
    });
  });
});

describe('what Stripe asks for later', () => {
  const FIELD = 'individual.verification.document';

  it('leaves the account as it is until the deadline, stops it then, and lets it go on once the detail is given', async () => {
    const harness = await start();
    const { stripe, sandbox, control } = harness;
    const { id } = await individual(harness);
    sandbox.advance(VERIFICATION_S);
    await control('POST', `accounts/${id}/require`, { fields: [FIELD], deadline_seconds: 10 * DAY_S });
    const asked = await stripe.accounts.retrieve(id);
    expect(asked).toMatchObject({
      capabilities: ACTIVE,
      payouts_enabled: true,
      requirements: { currently_due: [FIELD], past_due: [], disabled_reason: null },
    });
    expect(asked.requirements?.current_deadline).toBeGreaterThan(asked.created ?? 0);

    sandbox.advance(10 * DAY_S);
    expect(await stripe.accounts.retrieve(id)).toMatchObject({
      capabilities: INACTIVE,
      payouts_enabled: false,
      requirements: { past_due: [FIELD], disabled_reason: 'requirements.past_due', current_deadline: null },
    });

    const told = await stripe.accounts.update(id, {
      individual: { verification: { document: { front: 'file_identity_document_success' } } },
    });
    expect(told).toMatchObject({
      capabilities: { card_payments: 'pending' },
      requirements: { currently_due: [], disabled_reason: 'requirements.pending_verification' },
    });
    sandbox.advance(VERIFICATION_S);
    expect(await stripe.accounts.retrieve(id)).toMatchObject({
      capabilities: ACTIVE,
      payouts_enabled: true,
      requirements: { currently_due: [], pending_verification: [] },
    });
  });

  it('in time leaves no trace', async () => {
    const { stripe, sandbox, control } = await start();
    const id = ACCOUNTS.usCustom;
    await control('POST', `accounts/${id}/require`, {
      fields: ['business_profile.url'],
      deadline_seconds: DAY_S,
    });
    const told = await stripe.accounts.update(id, { business_profile: { url: 'https://example.com' } });
    expect(told).toMatchObject({ capabilities: ACTIVE, requirements: { currently_due: [] } });
    sandbox.advance(2 * DAY_S);
    expect((await stripe.accounts.retrieve(id)).capabilities).toEqual(ACTIVE);
  });

  it('and is overdue already stops it at once, but a bank account only its payouts', async () => {
    const { stripe, control } = await start();
    await control('POST', `accounts/${ACCOUNTS.usCustom}/require`, { fields: [FIELD], past_due: true });
    expect((await stripe.accounts.retrieve(ACCOUNTS.usCustom)).capabilities).toEqual(INACTIVE);
    await control('POST', `accounts/${ACCOUNTS.deCustom}/require`, {
      fields: ['external_account'],
      past_due: true,
    });
    expect(await stripe.accounts.retrieve(ACCOUNTS.deCustom)).toMatchObject({
      capabilities: ACTIVE,
      charges_enabled: true,
      payouts_enabled: false,
    });
  });

  it.each([
    [{}, /^fields/],
    [{ fields: [] }, /^fields/],
    [{ fields: [1], past_due: true }, /^fields/],
    [{ fields: ['external_account'] }, /^deadline_seconds/],
    [{ fields: ['external_account'], deadline_seconds: -1 }, /^deadline_seconds/],
  ])('has to make sense: %j', async (body, message) => {
    const { control } = await start();
    expect(await control('POST', `accounts/${ACCOUNTS.usCustom}/require`, body)).toMatchObject({
      error: { message: expect.stringMatching(message) },
    });
  });
});

describe('what an account is refused', () => {
  const recipient = { service_agreement: 'recipient' } as const;
  it.each<[string, Stripe.AccountCreateParams, string, RegExp]>([
    [
      'type and controller together',
      { type: 'custom', controller: COLLECTED_BY_PLATFORM },
      'controller',
      /mutually exclusive/,
    ],
    [
      'requirements collected by the platform with a dashboard of Stripe’s',
      { controller: { ...COLLECTED_BY_PLATFORM, stripe_dashboard: { type: 'express' } } },
      'controller[requirement_collection]',
      /must be `none`/,
    ],
    [
      'card payments under the recipient agreement',
      { type: 'custom', country: 'GB', tos_acceptance: recipient, capabilities: BOTH },
      'capabilities[card_payments]',
      /recipient service agreement/,
    ],
    [
      'the recipient agreement at home',
      { type: 'custom', country: 'US', tos_acceptance: recipient },
      'tos_acceptance[service_agreement]',
      /not supported for platforms in US/,
    ],
    [
      'terms accepted by the platform for an Express account',
      { type: 'express', tos_acceptance: { date: 1, ip: '203.0.113.7' } },
      'tos_acceptance[date]',
      /on behalf of Express/,
    ],
    ['a country of its own making', { type: 'custom', country: 'Utopia' }, 'country', /unknown/],
    [
      'a credit card to be paid out to',
      { type: 'custom', external_account: 'tok_visa' },
      'external_account',
      /not a debit card/,
    ],
    [
      'a routing number of the wrong length',
      {
        type: 'custom',
        external_account: {
          object: 'bank_account',
          country: 'US',
          currency: 'usd',
          account_number: '000123456789',
          routing_number: '110',
        },
      },
      'external_account[routing_number]',
      /9 digits/,
    ],
    [
      'a weekly schedule without its day',
      { type: 'custom', settings: { payouts: { schedule: { interval: 'weekly' } } } },
      'settings[payouts][schedule][weekly_anchor]',
      /weekly_anchor/,
    ],
  ])('%s', async (_what, params, param, message) => {
    const { stripe } = await start();
    const before = (await stripe.accounts.list()).data.length;
    expect(await errorOf(stripe.accounts.create(params))).toMatchObject({
      param,
      message: expect.stringMatching(message),
    });
    expect((await stripe.accounts.list()).data).toHaveLength(before);
  });

  it('a login link before it is onboarded, or without an Express dashboard', async () => {
    const { stripe } = await start();
    const { id } = await stripe.accounts.create({ type: 'express', country: 'US' });
    expect((await errorOf(stripe.accounts.createLoginLink(id))).message).toMatch(/not completed onboarding/);
    const custom = await errorOf(stripe.accounts.createLoginLink(ACCOUNTS.usCustom));
    expect(custom.message).toMatch(/Express Dashboard/);
  });

  it('an update link where Stripe collects the requirements', async () => {
    const { stripe } = await start();
    const refused = stripe.accountLinks.create({
      account: ACCOUNTS.usExpress,
      type: 'account_update',
      refresh_url: 'https://example.com/refresh',
      return_url: 'https://example.com/return',
    });
    expect(await errorOf(refused)).toMatchObject({ param: 'type' });
  });
});

describe('a token for what must not be kept', () => {
  it('works once, and only as what it is', async () => {
    const { stripe } = await start();
    const account = await stripe.tokens.create({ account: { business_type: 'individual' } });
    expect(account).toMatchObject({ object: 'token', type: 'account', used: false });
    expect(account.id).toMatch(/^ct_/);
    const id = ACCOUNTS.usNotEnabled;
    const asPerson = stripe.accounts.createPerson(id, { person_token: account.id });
    expect(await errorOf(asPerson)).toMatchObject({ param: 'person_token' });
    await stripe.accounts.update(id, { account_token: account.id });
    expect(await errorOf(stripe.accounts.update(id, { account_token: account.id }))).toMatchObject({
      code: 'token_already_used',
    });

    const person = await stripe.tokens.create({ person: { first_name: 'Jenny' } });
    expect(person.id).toMatch(/^cpt_/);
    expect(await stripe.accounts.createPerson(id, { person_token: person.id })).toMatchObject({
      first_name: 'Jenny',
    });
  });

  it('leaves no number in the journal, the log of requests, or any event', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'sandbox-'));
    onTestFinished(() => rm(dataDir, { recursive: true }));
    const harness = await start({ dataDir });
    const { stripe, control } = harness;
    const numbers = ['734519826', '000222222227', '98-7654321', '4000056655665556'];
    const { id } = await individual(harness, { id_number: '734519826' });
    await stripe.tokens.create(
      { account: { company: { tax_id: '98-7654321' } } },
      { idempotencyKey: 'kept with its parameters' },
    );
    await stripe.accounts.createExternalAccount(
      id,
      {
        external_account: {
          object: 'bank_account',
          country: 'US',
          currency: 'usd',
          account_number: '000222222227',
          routing_number: '110000000',
        },
      },
      { idempotencyKey: 'kept too' },
    );
    await stripe.tokens.create({
      card: { number: '4000056655665556', exp_month: '12', exp_year: '2034', currency: 'usd' },
    });
    const log = await control<{ data: unknown[] }>('GET', 'requests');
    const kept = [
      readFileSync(join(dataDir, 'journal.jsonl'), 'utf8'),
      JSON.stringify(log),
      JSON.stringify(await stripe.events.list({ limit: 100 }, { stripeAccount: id })),
    ];
    expect(log.data.length).toBeGreaterThan(0);
    for (const text of kept) for (const number of numbers) expect(text).not.toContain(number);
    expect(kept[1]).not.toContain('Rosen');
  });
});

it('a link that is too old leads back also to an address that no header takes as it stands', async () => {
  const { stripe, sandbox } = await start();
  const { id } = await stripe.accounts.create({ type: 'express', country: 'US' });
  const back = 'http://127.0.0.1:9/戻る';
  const { url } = await stripe.accountLinks.create({
    ...{ account: id, type: 'account_onboarding', refresh_url: back, return_url: back },
  });
  sandbox.advance(3_600);
  const response = await fetch(url, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([303, new URL(back).href]);
});
