import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../domain/attention/notice.ts';
import { withNotices } from '../../../domain/orders/notices.ts';
import type { Order, OrderTerms } from '../../../domain/orders/order.ts';
import { changeFor } from '../../../domain/orders/preview/movements.ts';
import type { Preview, PreviewedCommand, PreviewFacts } from '../../../domain/orders/preview/preview.ts';
import { previewOf, previewOfPlainTransfer } from '../../../domain/orders/preview/preview.ts';
import { previewOfNewOrder } from '../../../domain/orders/preview/preview-order.ts';
import type { ChargeSplit, Currencies, SplitPart } from '../../../domain/orders/preview/split.ts';
import { agreedSplit } from '../../../domain/orders/preview/split.ts';
import { transition } from '../../../domain/orders/transition.ts';
import { dispute, NOW, orderIn, refund, SETTLEMENT, stuck, terms, transfer } from '../../support/builders.ts';

const USD: Currencies = { platform: 'usd', connected: 'usd', settlement: 'usd' };
const part = (amount: number, changes: Partial<SplitPart> = {}): SplitPart => ({
  amount,
  takenBack: 0,
  currency: 'usd',
  platform: 'usd',
  connected: 'usd',
  ...changes,
});
const SPLIT: ChargeSplit = { currency: 'usd', transfers: [part(1000)], fees: [part(123)] };

const preview = (order: Order, command: PreviewedCommand, known: Partial<PreviewFacts> = {}) =>
  previewOf(order, command, { split: SPLIT, currencies: USD, transfer: null, ...known });
/** What it comes to: for the customer, for the platform, for the seller. */
const sums = ({ movements }: Preview) => [
  changeFor(movements, (party) => party === 'customer'),
  changeFor(movements, (party) => party === 'platform'),
  changeFor(movements, (party) => party === 'acct_seller'),
];

const capture = (amount?: number, final = true) => ({ kind: 'capture', amount, final }) as const;
const giveBack = (amount?: number, reverse_transfer = false, refund_application_fee = false) =>
  ({ kind: 'refund', amount, reverse_transfer, refund_application_fee }) as const;
const refunded = (changes: Parameters<typeof refund>[0]) =>
  transition(orderIn('succeeded'), { type: 'refund_recorded', refund: refund(changes) });

describe('the preview of a transfer without an order', () => {
  const what = { amount: 500, currency: 'usd', destination: 'acct_seller' };

  it('says what leaves the available balance', () => {
    const seen = previewOfPlainTransfer(what, 500, 'usd');
    expect(sums(seen)).toEqual([{}, { usd: -500 }, { usd: 500 }]);
    expect(seen.summary).toBe('Transfers 5.00 USD from you to acct_seller, out of your available balance.');
    expect(sums(previewOfPlainTransfer(what, 500, 'eur'))).toEqual([{}, { usd: -500 }, null]);
  });

  it('says that Stripe would refuse what is not there', () => {
    const seen = previewOfPlainTransfer(what, 499, 'usd');
    expect(seen.movements).toEqual([]);
    expect(seen.summary).toMatch(/It does not cover that: Stripe would refuse it\.$/);
  });
});

describe('the preview of a new order', () => {
  const sale = (changes: Partial<OrderTerms> = {}) =>
    previewOfNewOrder({ ...terms(), applicationFeeAmount: 123, ...changes }, USD);

  it('splits what its capture would move, before the fee of Stripe', () => {
    const seen = sale();
    expect(sums(seen)).toEqual([{ usd: -1000 }, { usd: 123 }, { usd: 877 }]);
    expect(seen).toMatchObject({ hasStripeFee: true, released: 0 });
    expect(seen.summary).toBe(
      'Authorizes 10.00 USD; nothing moves until it is captured. All of it is captured: 8.77 USD for the seller, 1.23 USD for you, out of which Stripe takes its fee.',
    );
  });

  it('charges at once where it is captured automatically', () => {
    expect(sale({ captureMethod: 'automatic' }).summary).toMatch(
      /^Charges 10\.00 USD: 8\.77 USD for the seller/,
    );
  });

  it('knows of no cent that Stripe converts', () => {
    const seen = previewOfNewOrder(terms(), { ...USD, settlement: 'eur' });
    expect(seen.summary).toMatch(/captured\. Stripe converts it/);
  });
});

describe('the preview of a capture', () => {
  const authorized = orderIn('requires_capture');

  it('splits what the order agreed on, before the fee of Stripe', () => {
    const seen = preview(authorized, capture());
    expect(sums(seen)).toEqual([{ usd: -1000 }, { usd: 123 }, { usd: 877 }]);
    expect(seen).toMatchObject({ released: 0, hasStripeFee: true });
    expect(seen.summary).toBe(
      'Captures 10.00 USD: 8.77 USD for the seller, 1.23 USD for you, out of which Stripe takes its fee.',
    );
  });

  it('says what a partial one releases, and caps the fee at what is captured', () => {
    const seen = preview(authorized, capture(100));
    expect(sums(seen)).toEqual([{ usd: -100 }, { usd: 100 }, {}]);
    expect(seen.released).toBe(900);
    expect(seen.summary).toMatch(/The other 9\.00 USD is released\.$/);
  });

  it('takes the share of one of several captures, and keeps the rest', () => {
    const several = orderIn('requires_capture', { multicapture: true });
    const seen = preview(several, capture(500, false));
    expect(sums(seen)).toEqual([{ usd: -500 }, { usd: 61 }, { usd: 439 }]);
    expect(seen.released).toBe(0);
    expect(seen.summary).toMatch(/5\.00 USD can still be captured\.$/);
  });

  it('transfers the amount that was agreed, or everything', () => {
    const amount = orderIn('requires_capture', {}, { applicationFeeAmount: null, transferAmount: 877 });
    expect(sums(preview(amount, capture()))).toEqual([{ usd: -1000 }, { usd: 123 }, { usd: 877 }]);
    const all = orderIn('requires_capture', {}, { applicationFeeAmount: null });
    expect(sums(preview(all, capture()))).toEqual([{ usd: -1000 }, {}, { usd: 1000 }]);
  });

  it('does not guess what Stripe converts', () => {
    const seen = preview(authorized, capture(), { currencies: { ...USD, connected: 'eur' } });
    expect(sums(seen)).toEqual([{ usd: -1000 }, { usd: 123 }, null]);
    expect(seen.summary).toMatch(/^Captures 10\.00 USD\. Stripe converts it/);
    const abroad = preview(authorized, capture(), {
      currencies: { platform: null, connected: null, settlement: 'eur' },
    });
    expect(sums(abroad)).toEqual([{ usd: -1000 }, null, null]);
  });
});

describe('the preview of a cancellation', () => {
  it.each<[string, Order, number, RegExp]>([
    ['nothing was held', orderIn('requires_payment_method'), 0, /No money was held/],
    ['all of it was held', orderIn('requires_capture'), 1000, /releases 10\.00 USD to the customer/],
    [
      'a part was captured',
      orderIn('requires_capture', { amountCapturable: 700, amountReceived: 300 }),
      700,
      /7\.00 USD that are still held\. The 3\.00 USD that were captured stay/,
    ],
  ])('where %s', (_, order, released, summary) => {
    const seen = preview(order, { kind: 'cancel' });
    expect([seen.released, seen.movements]).toEqual([released, []]);
    expect(seen.summary).toMatch(summary);
  });
});

describe('the preview of a refund', () => {
  const captured = orderIn('succeeded');

  it('takes it from the platform, unless the transfer is reversed', () => {
    const seen = preview(captured, giveBack(500));
    expect(sums(seen)).toEqual([{ usd: 500 }, { usd: -500 }, {}]);
    expect(seen.summary).toBe(
      'Gives 5.00 USD back, all of it from you. The fee of 0.59 USD stays with Stripe.',
    );
  });

  it('takes a share in proportion from the seller, and gives the fee back with it', () => {
    expect(sums(preview(captured, giveBack(500, true)))).toEqual([{ usd: 500 }, {}, { usd: -500 }]);
    const seen = preview(captured, giveBack(500, true, true));
    expect(sums(seen)).toEqual([{ usd: 500 }, { usd: -62 }, { usd: -438 }]);
    expect(seen.summary).toBe(
      'Gives 5.00 USD back: 4.38 USD from the seller, 0.62 USD from you. The fee of 0.59 USD stays with Stripe.',
    );
  });

  it('takes the rest where every refund before took its share, and otherwise its own share alone', () => {
    const reversal = { id: 'trr_1', amount: 333, currency: 'usd' };
    const left: ChargeSplit = {
      ...SPLIT,
      transfers: [part(1000, { takenBack: 334 })],
      fees: [part(123, { takenBack: 40 })],
    };
    const alike = refunded({ amount: 333, reversal, applicationFeeRefunded: 41 });
    expect(sums(preview(alike, giveBack(undefined, true, true), { split: left }))).toEqual([
      { usd: 667 },
      { usd: -84 },
      { usd: -583 },
    ]);
    const without = refunded({ amount: 400 });
    expect(sums(preview(without, giveBack(undefined, true, true)))).toEqual([
      { usd: 600 },
      { usd: -74 },
      { usd: -526 },
    ]);
  });

  it('leaves out a share that comes to nothing', () => {
    const tiny = { ...SPLIT, fees: [part(1)] };
    expect(preview(captured, giveBack(100, true, true), { split: tiny }).movements).toHaveLength(2);
  });

  it('does not guess what Stripe converts, and names no fee that is not known', () => {
    const abroad = { ...SPLIT, currency: 'eur' };
    const order = orderIn('succeeded', { settlement: null });
    const seen = preview(order, giveBack(500), { split: abroad });
    expect(sums(seen)).toEqual([{ usd: 500 }, null, {}]);
    expect(seen.summary).toBe(
      'Gives 5.00 USD back, all of it from you. Stripe converts it at its rate of that moment.',
    );
    const seller = { ...SPLIT, transfers: [part(1000, { connected: 'eur' })] };
    const converted = preview(captured, giveBack(500, true), { split: seller });
    expect(sums(converted)).toEqual([{ usd: 500 }, {}, null]);
    expect(converted.summary).toMatch(
      /^Gives 5\.00 USD back, a share of it from the seller\. Stripe converts/,
    );
  });

  it('names no fee where Stripe took none', () => {
    const free = orderIn('succeeded', { settlement: { ...SETTLEMENT, stripeFee: 0 } });
    expect(preview(free, giveBack(500)).summary).toBe('Gives 5.00 USD back, all of it from you.');
  });

  it('has nothing to give back of what was never captured', () => {
    expect(preview(orderIn('requires_capture'), giveBack(undefined)).movements).toMatchObject([
      { amount: 0 },
    ]);
  });
});

describe('the preview of a transfer', () => {
  const captured = orderIn('succeeded');
  const pay = (destination?: string) =>
    ({ kind: 'transfer', amount: 200, destination, description: 'bonus' }) as const;

  it('goes from the platform to the account', () => {
    const seen = preview(captured, pay());
    expect(sums(seen)).toEqual([{}, { usd: -200 }, { usd: 200 }]);
    expect(seen.summary).toBe("Transfers 2.00 USD from you to acct_seller, out of this order's charge.");
    expect(preview(captured, pay('acct_other')).movements).toMatchObject([{ to: 'acct_other' }]);
  });

  it('is in the currency in which the charge was settled', () => {
    const settled = orderIn('succeeded', { settlement: { ...SETTLEMENT, currency: 'eur' } });
    expect(preview(settled, pay()).movements).toMatchObject([{ currency: 'eur', amount: 200 }]);
    const unsettled = orderIn('succeeded', { settlement: null });
    expect(preview(unsettled, pay()).movements).toMatchObject([{ currency: 'usd' }]);
  });

  it('comes back as far as is left of it', () => {
    const order = transition(captured, { type: 'transfer_recorded', transfer: transfer() });
    const known = {
      transfer: { amount: 100, amountReversed: 30, currency: 'usd', destination: 'acct_seller' },
    };
    const reverse = (amount?: number) =>
      ({ kind: 'reverse_transfer', transfer: 'tr_special', amount }) as const;
    const seen = preview(order, reverse(), known);
    expect(sums(seen)).toEqual([{}, { usd: 70 }, { usd: -70 }]);
    expect(seen.summary).toBe('Takes 0.70 USD back from acct_seller.');
    expect(sums(preview(order, reverse(20), known))).toEqual([{}, { usd: 20 }, { usd: -20 }]);
    expect(() => preview(order, reverse(20))).toThrow('has a transfer');
  });
});

describe('the preview of a decision', () => {
  const resolve = (action: 'retry' | 'retry_with_new_key' | 'mark_done' | 'abandon' | 'acknowledge') =>
    ({ kind: 'resolve', action, reason: 'looked at it' }) as const;
  const isStuck = stuck(orderIn('requires_capture'));
  const disputed = transition(orderIn('succeeded'), { type: 'dispute_observed', dispute: dispute() });
  const isNoted = withNotices(disputed, NOW);

  it.each([
    ['retry', /Tries the stuck capture again with the same idempotency key/],
    ['retry_with_new_key', /tries it again with a new idempotency key/],
    ['mark_done', /Reads the object from Stripe and records it/],
    ['abandon', /gives it up if there is none/],
  ] as const)('to %s says what happens to what is stuck', (action, summary) => {
    expect(preview(isStuck, resolve(action)).summary).toMatch(summary);
  });

  it('names the object that shows the effect', () => {
    const named = { ...resolve('mark_done'), stripe_id: 'pi_7' };
    expect(preview(isStuck, named).summary).toMatch(/^Reads pi_7 from Stripe/);
  });

  it('says what happens where nothing is stuck any more', () => {
    expect(preview(isNoted, resolve('mark_done')).summary).toMatch(/the stuck operation/);
  });

  it('about notices says which they are', () => {
    const owed = (order: Order, actions: Notice['allowedActions']): Order => ({
      ...order,
      notices: order.notices.map((notice) => ({ ...notice, allowedActions: actions })),
    });
    expect(preview(isNoted, resolve('acknowledge')).summary).toBe(
      'Takes the notice dispute needs response off the lists. The cause stays.',
    );
    expect(preview(owed(isNoted, ['retry']), resolve('retry')).summary).toBe(
      'Tries at once what the notice dispute needs response waits for.',
    );
    const [notice] = isNoted.notices;
    const two = notice ? { ...isNoted, notices: [notice, { ...notice, subject: 'dp_2' }] } : isNoted;
    expect(preview(owed(two, ['abandon']), resolve('abandon')).summary).toMatch(
      /^Gives up what the notices dispute needs response, dispute needs response wait for/,
    );
  });

  it('about a dispute says what is final', () => {
    const evidence = (fields: readonly string[], submit: boolean) =>
      preview(disputed, { kind: 'submit_evidence', fields, submit }).summary;
    expect(evidence(['uncategorized_text'], false)).toBe(
      'Keeps uncategorized_text ready at Stripe for the dispute dp_1, and submits nothing.',
    );
    expect(evidence([], true)).toBe(
      'Submits the evidence that is staged to the bank in the dispute dp_1. This can be done only once.',
    );
    const accept = { kind: 'accept_dispute' } as const;
    expect(preview(disputed, accept).summary).toBe(
      'Accepts the dispute dp_1 over 10.00 USD: it is lost at once and finally.',
    );
    const recovering = { ...disputed, terms: terms({ onDisputeLost: 'recover' }) };
    expect(preview(recovering, accept).summary).toMatch(/The seller's share is then taken back\.$/);
  });
});

it('an order whose charge is not split yet is split as it agreed', () => {
  expect(agreedSplit(terms(), 1000, null, USD)).toEqual(SPLIT);
});
