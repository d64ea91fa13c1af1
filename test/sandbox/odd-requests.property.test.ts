import fc from 'fast-check';
import { expect, it } from 'vitest';
import { controlRoutes } from '../../sandbox/control/routes.ts';
import { connectRoutes, routes } from '../../sandbox/resources/index.ts';
import { oddJson, withOddParts } from '../support/odd-json.ts';
import { ACCOUNTS, card, type Harness, start } from './support.ts';

/** Nothing listens there, and no name has to be looked up for it. */
const NOWHERE = 'http://127.0.0.1:9/';
const KEY = { Authorization: 'Bearer sk_test_waybill' };
const MONTH_SECONDS = 30 * 86_400;
/** A fault that holds an answer back for longer would only slow the test. */
const HELD_BACK_MS_MAX = 5;

type Form = Readonly<Record<string, string>>;

/** What each endpoint takes, so that most of a changed form is still right. */
const FORMS: Readonly<Record<string, Form>> = {
  'POST /v1/payment_intents': {
    amount: '1000',
    currency: 'usd',
    confirm: 'true',
    payment_method: 'pm_card_visa',
    'payment_method_types[]': 'card',
    'transfer_data[destination]': ACCOUNTS.usCustom,
    'transfer_data[amount]': '600',
    'metadata[object]': 'charge',
    'payment_method_options[card][request_multicapture]': 'if_available',
    capture_method: 'manual',
    'expand[]': 'latest_charge.balance_transaction',
  },
  'POST /v1/payment_intents/:intent': { amount: '900', 'metadata[a]': 'b', application_fee_amount: '10' },
  'POST /v1/payment_intents/:intent/confirm': {
    payment_method: 'pm_card_visa',
    return_url: NOWHERE,
    off_session: 'true',
  },
  'POST /v1/payment_intents/:intent/capture': {
    amount_to_capture: '500',
    application_fee_amount: '5',
    final_capture: 'false',
  },
  'POST /v1/payment_intents/:intent/increment_authorization': { amount: '2000' },
  'POST /v1/payment_intents/:intent/cancel': { cancellation_reason: 'abandoned' },
  'GET /v1/payment_intents/search': { query: "metadata['a']:'b' AND status:'succeeded'", limit: '3' },
  'POST /v1/charges': {
    amount: '800',
    currency: 'usd',
    source: 'tok_visa',
    'destination[account]': ACCOUNTS.usCustom,
    'destination[amount]': '300',
  },
  'POST /v1/refunds': {
    payment_intent: 'x',
    amount: '100',
    reverse_transfer: 'true',
    refund_application_fee: 'true',
    reason: 'duplicate',
  },
  'POST /v1/transfers': {
    amount: '30',
    currency: 'usd',
    destination: ACCOUNTS.usExpress,
    source_transaction: 'x',
    transfer_group: 'g',
  },
  'POST /v1/transfers/:transfer/reversals': { amount: '20', refund_application_fee: 'true' },
  'POST /v1/payouts': { amount: '50', currency: 'usd', method: 'instant', statement_descriptor: 'x' },
  'POST /v1/disputes/:dispute': {
    'evidence[uncategorized_text]': 'winning_evidence',
    'evidence[receipt]': 'file_1',
    'expand[]': 'evidence.receipt',
    submit: 'true',
  },
  'POST /v1/accounts': {
    type: 'custom',
    country: 'US',
    business_type: 'individual',
    email: 'ada@example.com',
    'capabilities[transfers][requested]': 'true',
    'settings[payouts][schedule][interval]': 'weekly',
    'settings[payouts][schedule][weekly_anchor]': 'friday',
    'settings[payouts][schedule][delay_days]': '3',
    'individual[dob][year]': '1902',
    'tos_acceptance[date]': '1700000000',
    'tos_acceptance[ip]': '127.0.0.1',
  },
  'POST /v1/accounts/:account': {
    'metadata[a]': 'b',
    'business_profile[name]': 'Ada',
    'capabilities[card_payments][requested]': 'false',
    'settings[payouts][schedule][interval]': 'monthly',
    'settings[payouts][schedule][monthly_payout_days][]': '31',
    default_currency: 'eur',
    external_account: 'btok_us_verified',
  },
  'POST /v1/accounts/:account/external_accounts': {
    'external_account[object]': 'bank_account',
    'external_account[account_number]': '000123456789',
    'external_account[routing_number]': '110000000',
    'external_account[country]': 'US',
    'external_account[currency]': 'usd',
  },
  'POST /v1/accounts/:account/persons': {
    first_name: 'Ada',
    'dob[year]': '1815',
    'relationship[percent_ownership]': '25',
    'verification[document][front]': 'file_identity_document_success',
    id_number: '222222222',
  },
  'POST /v1/accounts/:account/capabilities/:capability': { requested: 'true' },
  'POST /v1/account_links': {
    account: ACCOUNTS.usExpress,
    type: 'account_onboarding',
    refresh_url: NOWHERE,
    return_url: NOWHERE,
  },
  'POST /v1/customers': {
    name: 'Ada',
    email: 'ada@example.com',
    source: 'tok_visa',
    'metadata[object]': 'constructor',
    'address[line1]': 'x',
    'expand[]': 'sources',
  },
  'POST /v1/payment_methods': {
    type: 'card',
    'card[number]': '4242424242424242',
    'card[exp_month]': '12',
    'card[exp_year]': '2034',
    'card[cvc]': '123',
  },
  'POST /v1/tokens': {
    'card[number]': '4000056655665556',
    'card[exp_month]': '12',
    'card[exp_year]': '2034',
    'account[individual][first_name]': 'Ada',
    'person[dob][day]': '1',
    'bank_account[country]': 'US',
  },
  'POST /v1/webhook_endpoints': { url: NOWHERE, 'enabled_events[]': '*', connect: 'true' },
  'POST /v1/files': { 'file[size]': '10', 'file[type]': 'png', purpose: 'dispute_evidence' },
  'POST /oauth/token': { grant_type: 'authorization_code', code: 'ac_1' },
  'POST /oauth/deauthorize': { client_id: 'ca_waybill', stripe_user_id: ACCOUNTS.usStandard },
};

/** What a list takes. */
const LIST_FORM: Form = { limit: '3', starting_after: 'x', 'created[gte]': '0', 'expand[]': 'data.customer' };

/** What each control takes, under its name here without the prefix. */
const CONTROLS: Readonly<Record<string, object>> = {
  'clock/advance': { seconds: 86_400 },
  faults: {
    match: { method: 'POST', path: '/v1/refunds', nth: 1, times: 2 },
    effect: { error: 'server_error', status: 500, delay_ms: 1, drop: false, when: 'after' },
  },
  webhooks: { hold: true, drop: 0.5, duplicate: 1, reorder: true, seed: 7, types: ['charge.*'] },
  'webhook_endpoints/:id/roll_secret': { overlap_seconds: 60 },
  'accounts/:id': {
    capabilities: { transfers: 'inactive', card_payments: 'pending' },
    requirements: { currently_due: ['x'], past_due: ['x'], current_deadline: 1_800_000_000 },
    future_requirements: { currently_due: ['x'], current_deadline: null },
  },
  'accounts/:id/require': { fields: ['individual.id_number'], deadline_seconds: 86_400, past_due: false },
  'payouts/:id/fail': { failure_code: 'no_account' },
  'payment_intents/:id/authenticate': { outcome: 'succeeded' },
  'charges/:id/fraud_warning': {},
  'charges/:id/dispute': { reason: 'fraudulent', amount: 100, inquiry: false },
  'charges/:id/review': { opened_reason: 'manual' },
  'reviews/:id/close': { closed_reason: 'redacted' },
  'charges/:id/fail': { failure_code: 'insufficient_funds' },
  'disputes/:id/decide': { verdict: 'lost' },
  'refunds/:id/fail': { reason: 'expired_or_canceled_card' },
  settings: {
    async_settlement_seconds: 5,
    capture_window_seconds: 60,
    dispute_response_seconds: 60,
    events_kept_max: 20,
    payments_kept_max: 5,
    multicapture: true,
    incremental_authorization: true,
    negative_balances: false,
  },
};

/** The page and what its form sends. */
const PAGES: readonly (readonly [page: 'authentication' | 'onboarding' | 'consent', form: Form])[] = [
  ['authentication', { outcome: 'succeeded' }],
  [
    'onboarding',
    {
      business_type: 'individual',
      url: 'https://accessible.stripe.com',
      first_name: 'Jenny',
      last_name: 'Rosen',
      email: 'jenny@example.com',
      phone: '+1 000 000 0000',
      dob: '1901-01-01',
      line1: 'address_full_match',
      city: 'San Francisco',
      state: 'CA',
      postal_code: '94111',
      ssn_last_4: '0000',
      routing_number: '110000000',
      account_number: '000123456789',
      terms: 'true',
    },
  ],
  ['consent', { action: 'connect', account: 'new', email: 'owner@example.com', country: 'US' }],
];

const oddText = fc.oneof(
  fc.constantFrom(
    ...['', '0', '-1', '1', '0.5', '1e3', '99999999', '9007199254740991', '-9007199254740991', '1e999'],
    ...['true', 'null', 'USD', 'jpy', 'ZZ', 'DE', '9999-99-99', '__proto__', 'constructor', 'toString'],
    ...['constructor_1', 'data.__proto__.x', 'metadata.some', 'metadata.refunds', 'a.b.c.d.e.f'],
    ...['pm_card_authenticationRequired', 'pm_card_createDispute', 'pm_usBankAccount_success', 'tok_visa'],
    ...[ACCOUNTS.deCustom, ACCOUNTS.platform, ACCOUNTS.jpCustom, 'btok_us_verified', '•🙂', 'a\u0000b'],
    ...[`${NOWHERE}日本`, `${NOWHERE}\n`, 'javascript:alert(1)', 'http://', 'x'.repeat(5_001)],
  ),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** Behind the name of a parameter: what makes another kind of it. */
const suffix = fc.constantFrom('[]', '[x]', '[0][a]', '[__proto__]', '[constructor]', '[a][b][c][d][e]', '[');

/** As it stands in a body: an encoding that no text has, too. */
const oddEncoded = fc.oneof(
  { weight: 8, arbitrary: oddText.map(encodeURIComponent) },
  fc.constantFrom('%ED%A0%80', '%', '%zz', '+', '%00'),
);

function oddForm(form: Form): fc.Arbitrary<string> {
  const names = Object.keys(form);
  const name = fc.constantFrom(...names, 'expand[]', 'unknown', '__proto__[x]', 'toString', '');
  const change = fc.oneof(
    fc.record({ kind: fc.constant('drop' as const), name }),
    fc.record({ kind: fc.constant('set' as const), name, to: oddEncoded }),
    fc.record({ kind: fc.constant('bend' as const), name, suffix }),
  );
  return fc.array(change, { maxLength: 3 }).map((changes) => {
    const fields = new Map(names.map((key) => [key, encodeURIComponent(form[key] ?? '')]));
    for (const one of changes) {
      const value = fields.get(one.name) ?? '1';
      if (one.kind !== 'set') fields.delete(one.name);
      if (one.kind === 'set') fields.set(one.name, one.to);
      if (one.kind === 'bend') fields.set(one.name + one.suffix, value);
    }
    return [...fields].map(([key, value]) => `${encodeURIComponent(key)}=${value}`).join('&');
  });
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly page?: 'authentication' | 'onboarding' | 'consent';
}

/** How the ids begin of what stands behind a part of a path. */
const PREFIXES: Readonly<Record<string, string>> = {
  accounts: 'acct_',
  application_fees: 'fee_',
  balance_transactions: 'txn_',
  capabilities: 'card_payments',
  charges: 'ch_',
  customers: 'cus_',
  disputes: 'dp_',
  events: 'evt_',
  external_accounts: 'ba_',
  payment_intents: 'pi_',
  payment_methods: 'pm_',
  payouts: 'po_',
  persons: 'person_',
  refunds: 're_',
  reversals: 'trr_',
  transfers: 'tr_',
  webhook_endpoints: 'we_',
  webhooks: 'evt_',
};

/** Which of the objects that are there stands for `:id`. */
const which = fc.oneof({ weight: 6, arbitrary: fc.nat(30).map(String) }, oddEncoded);

const stripeRequest: fc.Arbitrary<Asked> = fc
  .constantFrom(...routes, ...connectRoutes)
  .chain(({ method, path }) => {
    const form = FORMS[`${method} ${path}`] ?? (method === 'GET' ? LIST_FORM : { 'metadata[a]': 'b' });
    const acting = fc.constantFrom(
      null,
      null,
      null,
      ACCOUNTS.usCustom,
      ACCOUNTS.deCustom,
      'acct_é',
      '__proto__',
    );
    return fc
      .record({ params: oddForm(form), id: which, acting, key: fc.option(oddText, { freq: 6 }) })
      .map(({ params, id, acting: account, key }) => ({
        method,
        path: path.replaceAll(/:\w+/g, `:${id}`) + (method === 'GET' ? `?${params}` : ''),
        body: method === 'GET' ? '' : params,
        headers: {
          ...KEY,
          'Content-Type': 'application/x-www-form-urlencoded',
          ...(account === null ? {} : { 'Stripe-Account': account }),
          ...(key === null ? {} : { 'Idempotency-Key': encodeURIComponent(key) }),
        },
      }));
  });

const controlRequest: fc.Arbitrary<Asked> = fc.constantFrom(...Object.keys(controlRoutes)).chain((route) => {
  const [method = '', path = ''] = route.split(' ');
  const usual = CONTROLS[path.replace('/_sandbox/', '')] ?? {};
  const body = fc.oneof(
    { weight: 6, arbitrary: withOddParts(usual, 2) },
    oddJson,
    fc.constantFrom('', '{', JSON.stringify(usual)),
  );
  return fc.record({ body, id: which }).map((one) => ({
    method,
    path: path.replace(':id', `:${one.id}`),
    body: method === 'GET' ? '' : one.body,
    headers: {},
  }));
});

const pageRequest: fc.Arbitrary<Asked> = fc
  .constantFrom(...PAGES)
  .chain(([page, form]) =>
    oddForm(form).map((body) => ({ method: 'POST', path: '', body, headers: {}, page })),
  );

/** Right in every word but how it comes. */
const transport: fc.Arbitrary<Asked> = fc
  .record({
    path: fc.constantFrom(
      '/v1/files',
      '/v1/payment_intents',
      '/_sandbox/faults',
      '/oauth/authorize',
      '/v1/%E0%A4%A',
    ),
    headers: fc.constantFrom<Record<string, string>>(
      { 'Content-Encoding': 'gzip' },
      { 'Content-Encoding': 'none-such' },
      { 'Content-Type': 'multipart/form-data' },
      { 'Content-Type': 'multipart/form-data; boundary=x' },
      { 'Stripe-Version': 'yesterday' },
      { 'Stripe-Version': '2026-13-99.é' },
    ),
    body: oddText,
  })
  .map(({ path, headers, body }) => ({ method: 'POST', path, body, headers: { ...KEY, ...headers } }));

const request: fc.Arbitrary<Asked> = fc.oneof(
  { weight: 6, arbitrary: stripeRequest },
  { weight: 4, arbitrary: controlRequest },
  { weight: 2, arbitrary: pageRequest },
  transport,
);

interface Town {
  readonly harness: Harness;
  readonly ids: readonly string[];
  /** A payment of which much is left. */
  readonly paid: Readonly<Record<'payment_intent' | 'source_transaction', string>>;
  readonly pages: Readonly<Record<'authentication' | 'onboarding' | 'consent', string>>;
}

/** One of everything, so that what is asked reaches something. */
async function town(): Promise<Town> {
  const harness = await start({ webhookTimeoutMs: 500 });
  const { stripe, url } = harness;
  const destination = { transfer_data: { destination: ACCOUNTS.usCustom } };
  const paid = await stripe.paymentIntents.create({
    ...{ ...card, ...destination, amount: 5_000, application_fee_amount: 100 },
    payment_method: 'pm_card_bypassPending',
  });
  await stripe.paymentIntents.create({ ...card, amount: 9_000, payment_method: 'pm_card_bypassPending' });
  const held = await stripe.paymentIntents.create({ ...card, amount: 2_000, capture_method: 'manual' });
  const asking = await stripe.paymentIntents.create({
    ...{ ...card, amount: 1_500, payment_method: 'pm_card_authenticationRequired' },
    return_url: NOWHERE,
  });
  const disputed = await stripe.paymentIntents.create({
    ...{ ...card, amount: 1_200, payment_method: 'pm_card_createDispute' },
  });
  const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 200 });
  const transfer = await stripe.transfers.create({
    amount: 40,
    currency: 'usd',
    destination: ACCOUNTS.usExpress,
  });
  const payout = await stripe.payouts.create(
    { amount: 30, currency: 'usd' },
    { stripeAccount: ACCOUNTS.usCustom },
  );
  const endpoint = await stripe.webhookEndpoints.create({ url: NOWHERE, enabled_events: ['*'] });
  const customer = await stripe.customers.create({ source: 'tok_visa' });
  const account = await stripe.accounts.create({ type: 'express', country: 'US' });
  const link = await stripe.accountLinks.create({
    ...{ account: account.id, type: 'account_onboarding', refresh_url: NOWHERE, return_url: NOWHERE },
  });
  const [dispute] = (await stripe.disputes.list()).data;
  const events = (await stripe.events.list({ limit: 100 })).data;
  const named = events.flatMap(({ id, data }) => [id, String((data.object as { id?: string }).id)]);
  const { data: deliveries } = await harness.control<{ data: { id: string }[] }>('GET', 'webhooks');
  const consent = new URLSearchParams({
    client_id: 'ca_waybill',
    redirect_uri: NOWHERE,
    scope: 'read_write',
  });
  return {
    harness,
    paid: { payment_intent: paid.id, source_transaction: String(paid.latest_charge) },
    ids: [
      ...new Set([
        ...[held.id, asking.id, disputed.id, String(held.latest_charge), refund.id, transfer.id, payout.id],
        ...[endpoint.id, customer.id, account.id, dispute?.id ?? '', ACCOUNTS.usCustom, ACCOUNTS.deCustom],
        ...[...named, ...deliveries.map(({ id }) => id), 'card_payments', 'fault_1'],
      ]),
    ],
    pages: {
      authentication: asking.next_action?.redirect_to_url?.url ?? '',
      onboarding: link.url,
      consent: `${url}/oauth/authorize?${consent}`,
    },
  };
}

/** The hidden fields of a page's form, with which its answers are taken. */
async function hiddenFields(page: string): Promise<string> {
  const text = await (await fetch(page, { redirect: 'manual' })).text();
  return [...text.matchAll(/type="hidden" name="(\w+)" value="(\w*)"/g)]
    .map(([, name, value]) => `${name}=${value}`)
    .join('&');
}

/** The path with ids in it; one that is odd stands for itself. */
function withIds(path: string, ids: readonly string[]): string {
  const filled = path.replaceAll(/(\w+)\/:(\d+)/g, (_, part: string, n: string) => {
    const fitting = ids.filter((id) => id.startsWith(PREFIXES[part] ?? ''));
    const among = fitting.length > 0 ? fitting : ids;
    return `${part}/${among[Number(n) % among.length]}`;
  });
  return filled.replaceAll('/:', '/');
}

async function ask({ harness, ids, paid, pages }: Town, { method, path, body, headers, page }: Asked) {
  const target = page ? pages[page] : harness.url + withIds(path, ids);
  const filled = body.replaceAll(
    /\b(payment_intent|source_transaction)=x\b/g,
    (_, name: keyof typeof paid) => {
      return `${name}=${paid[name]}`;
    },
  );
  const sent = page ? `${await hiddenFields(target)}&${body}` : filled;
  const response = await fetch(target, {
    method,
    headers,
    redirect: 'manual',
    ...(method === 'GET' ? {} : { body: sent }),
  });
  return { status: response.status, text: await response.text() };
}

/** A failure on order is one that a test asked for. */
async function expectAnswered(world: Town, asked: Asked): Promise<void> {
  const { harness } = world;
  const before = harness.sandbox.requests().length;
  const answer = await ask(world, asked).catch(() => null);
  const last = harness.sandbox.requests().slice(before).at(-1);
  const isOrdered = last?.fault !== null && last?.fault !== undefined;
  if (!isOrdered) expect(answer?.status, answer?.text).toBeLessThan(500);
  const { sum } = harness.sandbox.ledger();
  expect(Object.entries(sum).filter(([, total]) => total !== 0)).toEqual([]);
  const delayMs = /"delay_ms":([\d.e+]+)/.exec(answer?.text ?? '')?.[1];
  if (Number(delayMs ?? 0) > HELD_BACK_MS_MAX) await harness.control('DELETE', 'faults');
}

const LISTS = routes
  .filter(({ method, path }) => method === 'GET' && !path.includes(':') && !path.endsWith('/search'))
  .map(({ path }) => path);

/** Everything can still be read, and time goes on. */
async function expectIntact(world: Town): Promise<void> {
  const { harness } = world;
  await harness.control('DELETE', 'faults');
  await harness.control('POST', 'settings', { rate_limit_per_second: null });
  await harness.control('POST', 'webhooks', {});
  const later = { method: 'POST', path: '/_sandbox/clock/advance', headers: {} };
  await expectAnswered(world, { ...later, body: JSON.stringify({ seconds: MONTH_SECONDS }) });
  for (const path of [...LISTS, `/v1/accounts/${ACCOUNTS.usCustom}`, '/v1/balance']) {
    await expectAnswered(world, { method: 'GET', path, body: '', headers: KEY });
  }
  await expectAnswered(world, { method: 'POST', path: '/_sandbox/webhooks/settle', body: '', headers: {} });
}

it('whatever is asked of it, it never fails, and not a cent comes from nowhere', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 12 }), async (requests) => {
      const world = await town();
      for (const one of requests) await expectAnswered(world, one);
      await expectIntact(world);
      await world.harness.sandbox.close();
    }),
    { numRuns: 25 },
  );
});
