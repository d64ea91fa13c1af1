import { describe, expect, it } from 'vitest';
import { DISPUTE_STATUSES, OPEN_DISPUTES } from '../../console/lib/dispute-statuses.mjs';
import { amountText, decimalsOf, digits, money, parseAmount } from '../../console/lib/money.mjs';
import { filterOf } from '../../console/lib/search.mjs';
import { bankFlows, standingOf } from '../../console/order/bank-flows.mjs';
import { COMMANDS, PAYOUT_COMMANDS, TRANSFER_COMMANDS } from '../../console/order/commands.mjs';
import { bodyOf } from '../../console/order/form.mjs';
import { CURRENCIES, currencyRules } from '../../domain/money/currencies.ts';
import { formatMoney } from '../../domain/money/money.ts';
import * as dispute from '../../domain/orders/dispute.ts';

describe('money in the console', () => {
  it('has the digits that Stripe gives each currency', () => {
    for (const currency of CURRENCIES) {
      expect([currency, decimalsOf(currency)]).toEqual([currency, currencyRules(currency)?.decimals]);
      expect(money(123_456, currency).replaceAll('\u202f', '')).toBe(
        formatMoney({ amount: 123_456, currency }),
      );
    }
  });

  it.each([
    ['12.30', 'usd', 1230],
    ['12,3', 'usd', 1230],
    ['12', 'usd', 1200],
    ['1200', 'jpy', 1200],
    ['1.230', 'kwd', 1230],
    ['12.301', 'usd', null],
    ['1.5', 'jpy', null],
    ['0', 'usd', null],
    ['-5', 'usd', null],
    ['five', 'usd', null],
    ['1 000', 'usd', null],
  ])('is read from %s in %s', (text, currency, amount) => {
    expect(parseAmount(text, currency)).toBe(amount);
  });

  it('is written with a sign and groups of three, and read back from a field', () => {
    expect(digits(-123_456_789, 'usd')).toBe('−1\u202f234\u202f567.89');
    expect(digits(5, 'usd')).toBe('0.05');
    expect(parseAmount(amountText(1_234_567, 'usd'), 'usd')).toBe(1_234_567);
    expect(parseAmount(digits(1_234_567, 'usd'), 'usd')).toBe(1_234_567);
  });
});

describe('what a payout carried of an order', () => {
  const paid = { id: 'po_1', status: 'paid', arrival_date: '2026-01-05T00:00:00.000Z', paid_again_by: null };
  const share = (payout: object | null, amount = 1_877) => ({
    payout: payout && { ...paid, ...payout },
    amount,
    currency: 'usd',
    available_on: '2026-01-03T00:00:00.000Z',
    balance_transactions: ['txn_1'],
  });
  const drawn = (...shares: unknown[]) =>
    bankFlows(shares).map(
      ({
        label,
        amount,
        from,
        to,
        isExpected,
      }: {
        label: string;
        amount: number;
        from: string;
        to: string;
        isExpected: boolean;
      }) => `${label} ${amount}, ${from} to ${to}${isExpected ? ', dashed' : ''}`,
    );

  it.each([
    ['paid', share({}), ['payout 1877, seller to bank'], 'at the bank on 2026-01-05'],
    [
      'on its way',
      share({ status: 'in_transit' }),
      ['on its way 1877, seller to bank, dashed'],
      'at the bank on 2026-01-05',
    ],
    ['taken back later', share({}, -500), ['less paid out 500, bank to seller'], 'at the bank on 2026-01-05'],
    ['failed', share({ status: 'failed' }), [], 'came back to the balance'],
    [
      'failed, and carried again',
      share({ status: 'failed', paid_again_by: 'po_2' }),
      ['made again 1877, seller to bank, dashed'],
      'came back to the balance, and was carried again by po_2',
    ],
    ['not paid out', share(null), [], 'on the balance, or paid out by hand: Stripe does not say which'],
  ])('is drawn as far as it is known: %s', (_, one, arrows, words) => {
    expect(drawn(one)).toEqual(arrows);
    expect(standingOf(one, Date.parse('2026-01-04T00:00:00Z'))).toBe(words);
  });

  it('is on the balance for certain as long as it is not available', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(standingOf(share(null), now)).toBe('on the balance, available in 2 d');
  });
});

it.each([
  ['pi_1', { payment_intent: 'pi_1' }],
  ['ch_1', { charge: 'ch_1' }],
  ['cus_1', { customer: 'cus_1' }],
  ['acct_1', { connected_account: 'acct_1' }],
  ['jenny@example.com', { customer_email: 'jenny@example.com' }],
  ['order-1', null],
])('a search for %s asks for what it looks like', (text, filter) => {
  expect(filterOf(text)).toEqual(filter);
});

it('every dispute is on a page of its status, and every undecided one among the open ones', () => {
  expect([...DISPUTE_STATUSES].sort()).toEqual([...dispute.DISPUTE_STATUSES].sort());
  const decided = ['won', 'lost', 'warning_closed', 'prevented'];
  expect(DISPUTE_STATUSES.filter((status) => !OPEN_DISPUTES.includes(status))).toEqual(decided);
});

describe('what the console offers of disputes', () => {
  const inquiry = { status: 'warning_needs_response', is_inquiry: true };
  const asked = { status: 'needs_response', is_inquiry: false };
  const appeal = { status: 'appeal_needs_response', is_inquiry: false };
  const won = { status: 'won', is_inquiry: false };

  it.each([
    ['none', [], []],
    ['a decided one', [won], []],
    ['an inquiry', [inquiry], ['Evidence']],
    ['one to answer', [asked], ['Evidence', 'Accept dispute']],
    ['an appeal', [appeal], ['Evidence', 'Accept dispute']],
    ['an inquiry beside one to answer', [inquiry, asked], ['Evidence', 'Accept dispute']],
  ])('with %s', (_, disputes, names) => {
    const offered = COMMANDS.filter(
      ({ path, isOffered }) =>
        path.startsWith('dispute/') && (isOffered as (order: object) => boolean)({ disputes }),
    );
    expect(offered.map(({ name }) => name)).toEqual(names);
  });

  it.each(['dispute/evidence', 'dispute/accept'])(
    '%s says which one is meant, where several are open',
    (path) => {
      const { fields = [] } = COMMANDS.find((command) => command.path === path) ?? {};
      const { body } = bodyOf(fields, { dispute: ' dp_2 ' }, { currency: 'usd' });
      expect(body).toMatchObject({ dispute: 'dp_2' });
    },
  );
});

interface Offered {
  readonly isOffered: (object: object) => boolean;
  readonly meant: (shown: object, given: object) => object;
  readonly lacks: (shown: object, given: object) => string | null;
}

describe('Resolve', () => {
  it.each([
    ['not where nothing is stuck', null, false],
    ['where there is something to decide', { allowed_actions: ['retry'] }, true],
    ['not where what is stuck goes with its cause', { allowed_actions: [] }, false],
  ])('is offered %s', (_, need, isOffered) => {
    for (const commands of [COMMANDS, TRANSFER_COMMANDS, PAYOUT_COMMANDS]) {
      const resolve = commands.find(({ name }) => name === 'Resolve') as unknown as Offered;
      expect(resolve.isOffered({ needs_attention: need })).toBe(isOffered);
    }
  });

  it.each([
    [
      'the one that waited when its dialog opened',
      ['cmd_1'],
      { action: 'approve' },
      { stripe_id: 'cmd_1' },
      false,
    ],
    ['it, to decline it too', ['cmd_1'], { action: 'decline' }, { stripe_id: 'cmd_1' }, false],
    ['the one that is named', ['cmd_1'], { action: 'approve', stripe_id: 'cmd_2' }, {}, false],
    ['none of several, and asks which one', ['cmd_1', 'cmd_2'], { action: 'approve' }, {}, true],
    [
      'the one that is named of several',
      ['cmd_1', 'cmd_2'],
      { action: 'approve', stripe_id: 'cmd_2' },
      {},
      false,
    ],
    ['none with another action', ['cmd_1', 'cmd_2'], { action: 'mark_done' }, {}, false],
    ['none that came later, and asks which one', [], { action: 'approve' }, {}, true],
  ])('means of the approvals %s', (_, waiting, given, meant, isAsked) => {
    const shown = waiting === undefined ? {} : { approvals: waiting.map((id) => ({ id })) };
    for (const commands of [COMMANDS, TRANSFER_COMMANDS, PAYOUT_COMMANDS]) {
      const resolve = commands.find(({ name }) => name === 'Resolve') as unknown as Offered;
      expect(resolve.meant(shown, given)).toEqual(meant);
      expect(resolve.lacks(shown, given)).toBe(isAsked ? 'Which approval is missing.' : null);
      const listed = { needs_attention: { code: 'approval_needed', subject: 'cmd_1' } };
      expect(resolve.meant(listed, { action: 'approve' })).toEqual({ stripe_id: 'cmd_1' });
      expect(resolve.lacks({}, { action: 'approve' })).toBeNull();
    }
  });

  const since = (second: number) => `2026-01-01T00:00:0${second}.000Z`;
  const stuckSince = { code: 'api_error', operation: 'capture', subject: null, since: since(1) };
  const noticed = { code: 'refund_failed', operation: null, subject: 're_1', since: since(1) };
  it.each([
    ['what is stuck, not what gets stuck later', { needs_attention: stuckSince }, {}, { as_of: since(1) }],
    [
      'all notices of the page, and none that came later',
      { needs_attention: noticed, notices: [noticed, { ...noticed, subject: 're_2', since: since(2) }] },
      {},
      { as_of: since(2) },
    ],
    [
      'of a list the one that it shows',
      { needs_attention: noticed },
      {},
      { stripe_id: 're_1', as_of: since(1) },
    ],
    ['the one that is named', { needs_attention: noticed }, { stripe_id: 're_2' }, { as_of: since(1) }],
  ])('means with any other action %s', (_, shown, given, meant) => {
    const resolve = COMMANDS.find(({ name }) => name === 'Resolve') as unknown as Offered;
    expect(resolve.meant(shown, { action: 'acknowledge', ...given })).toEqual(meant);
  });
});
