import { afterAll, expect, it, vi } from 'vitest';
import { consoleModule } from '../support/console-module.ts';

// The console's modules look where the browser is as soon as they are loaded.
vi.stubGlobal('location', { pathname: '/console/', search: '' });
afterAll(() => {
  vi.unstubAllGlobals();
});
const { Announced } = await consoleModule('pages/accounts.mjs');
const { apiPathOf, pageOf } = await consoleModule('lib/places-of.mjs');
const { MoneyPicture } = await consoleModule('order/money-picture.mjs');
const { OrderNeeds, withNotices } = await consoleModule('order/needs.mjs');
const { nextStep } = await consoleModule('lib/next-step.mjs');
const { Timeline } = await consoleModule('parts/timeline.mjs');

/** What somebody would read of what a component draws, as far as it draws without hooks. */
// biome-ignore lint/suspicious/noExplicitAny: whatever a template may hold
function textOf(node: any): string {
  if (node === null || node === undefined || typeof node === 'boolean') return '';
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (typeof node !== 'object') return String(node);
  return typeof node.type === 'function' ? textOf(node.type(node.props)) : textOf(node.props.children);
}

const ORDER = {
  ...{ amount_capturable: 0, amount_refunded: 0, currency: 'usd', disputes: [], funds: {}, outstanding: [] },
};
const NEED = {
  ...{ code: 'no_answer', operation: null, subject: null, message: '', stripe_request_id: null },
  ...{ since: '2026-01-01T00:00:00Z', deadline: null, next_attempt_at: null, allowed_actions: [] },
};
const refused = (code: string, message: string) => Object.assign(new Error(message), { problem: { code } });
const loaded = (state: object) => ({ data: undefined, error: undefined, isLoading: false, ...state });

it.each([
  [{ object: 'order', id: 'order-1' }, '/console/orders/order-1', '/v1/orders/order-1'],
  [{ object: 'transfer', id: 'a/b' }, '/console/transfers/a%2Fb', '/v1/transfers/a%2Fb'],
  [
    { object: 'payout', id: 'wpo_1?', connected_account: 'acct_1' },
    '/console/payouts/acct_1/wpo_1%3F',
    '/v1/accounts/acct_1/payouts/wpo_1%3F',
  ],
  [
    { object: 'account', id: null, reference: 'seller 9' },
    '/console/accounts/seller%209',
    '/v1/accounts/seller%209',
  ],
  [{ object: 'account', id: 'acct_1' }, '/console/accounts/acct_1', '/v1/accounts/acct_1'],
])('%j has one address among the pages, and one in the API', (object, page, path) => {
  expect(pageOf(object)).toBe(page);
  expect(apiPathOf(object)).toBe(path);
});

it('no page is named for a payout whose account nobody knows', () => {
  expect(pageOf({ object: 'payout', id: 'wpo_1', connected_account: null })).toBeNull();
});

it('a timeline says that it is read, that there is none, or why it cannot be read', () => {
  const saidOf = (state: object) => textOf(Timeline({ loaded: loaded(state) }));
  expect(saidOf({ isLoading: true })).toBe('Reading …');
  expect(saidOf({ error: refused('not_found', 'There is no order.') })).toContain('Temporal has none');
  expect(saidOf({ error: refused('unavailable', 'Temporal cannot be reached') })).toContain(
    'Temporal cannot be reached',
  );
});

it('the picture of captured money says that it is read, or why it cannot be; never that nothing has moved', () => {
  const saidOf = (amounts: object, state: object) =>
    textOf(MoneyPicture({ order: { ...ORDER, ...amounts }, transactions: loaded(state), shares: undefined }));
  const captured = { amount_captured: 1_000 };
  expect(saidOf(captured, { isLoading: true })).toBe('Reading …');
  expect(saidOf(captured, { error: refused('unavailable', 'Stripe does not answer') })).toContain(
    'Stripe does not answer',
  );
  expect(saidOf({ amount_captured: 0 }, { isLoading: true })).toBe('No money has moved yet.');
});

it.each([
  ['has the money back, and Stripe its fee', [{ amount: 1_000, currency: 'usd' }], '0.00'],
  ['paid it, where the dispute was won', [], '−10.00'],
])('the picture of a disputed order says that the customer %s', (_, withdrawn, customer) => {
  const funds = {
    ...{ settlement_currency: 'usd', stripe_fee: 1_559, platform_net: -2_436, connected_net: 877 },
  };
  const disputes = [{ amount: 1_000, currency: 'usd', withdrawn }];
  const charge = { side: 'platform', reason: 'charge', amount: 1_000, fee: 59, currency: 'usd' };
  const transactions = loaded({ data: { data: [{ ...charge, created: '2026-01-01T00:00:00Z' }] } });
  const order = { ...ORDER, amount_captured: 1_000, funds, disputes };
  expect(textOf(MoneyPicture({ order, transactions, shares: undefined }))).toContain(
    `8.77${customer}15.59−24.368.77`,
  );
});

it('each approval that a transfer waits for is shown with its id, by which it is named, also while something is stuck', () => {
  const approval = { command: 'reverse_transfer', currency: 'usd', requested_by: 'ada' };
  const approvals = [
    { ...approval, id: 'apr_1', amount: 500 },
    { ...approval, id: 'apr_2', amount: 70_000 },
  ];
  const waiting = { ...NEED, code: 'approval_needed', subject: 'apr_1', message: 'ada asks for 5.00 USD.' };
  const saidOf = (need: object) =>
    textOf(OrderNeeds({ order: withNotices({ approvals, needs_attention: need, pending: null }) }));
  expect(saidOf(waiting)).toMatch(/apr_1.*5\.00 USD.*apr_2.*reverse transfer of 700\.00 USD/s);
  expect(saidOf({ ...NEED, operation: 'transfer' })).toMatch(/no_answer.*apr_1.*apr_2/s);
});

it.each([
  ['capture_expiring', '2026-01-05T00:00:00Z', 'Stripe releases the money at the deadline'],
  ['capture_expiring', null, 'Stripe releases the money after a week, or later'],
  ['early_fraud_warning', null, 'The customer or their bank is likely to dispute it'],
  ['payment_in_review', null, 'The payment goes on as if it were approved'],
  ['payout_overdue', null, 'Read again at growing intervals'],
  ['given_back_twice', null, 'Nothing: it waits for you'],
])('what happens with %s, due %s, if nobody acts: %s', (code, deadline, step) => {
  expect(nextStep({ code, operation: null, deadline, nextAttemptAt: null })).toBe(step);
});

it('what Stripe announces to require of an account is shown where there is any', () => {
  const future = { currently_due: ['company.tax_id', 'external_account'], current_deadline: null };
  expect(textOf(Announced({ future }))).toBe('Will owe company.tax_id, external_account, from: none');
  expect(textOf(Announced({ future: { ...future, currently_due: [] } }))).toBe('');
  expect(textOf(Announced({ future: undefined }))).toBe('');
});
