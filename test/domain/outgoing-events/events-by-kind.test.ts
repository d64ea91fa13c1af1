import { describe, expect, it } from 'vitest';
import type { Account } from '../../../domain/accounts/account.ts';
import { newAccount } from '../../../domain/accounts/account.ts';
import type { ShownTransfer } from '../../../domain/orders/present-transfer.ts';
import { presentTransfer, transferNotices } from '../../../domain/orders/present-transfer.ts';
import { ACCOUNT_EVENTS } from '../../../domain/outgoing-events/account-events.ts';
import { announce, nothingPublished } from '../../../domain/outgoing-events/announce.ts';
import type { Publisher } from '../../../domain/outgoing-events/outgoing-event.ts';
import { PAYOUT_EVENTS } from '../../../domain/outgoing-events/payout-events.ts';
import type { Reconciled } from '../../../domain/outgoing-events/reconciliation-events.ts';
import { RECONCILIATION_EVENTS } from '../../../domain/outgoing-events/reconciliation-events.ts';
import { TRANSFER_EVENTS } from '../../../domain/outgoing-events/transfer-events.ts';
import type { Payout, PayoutFacts } from '../../../domain/payouts/payout.ts';
import { newPayout } from '../../../domain/payouts/payout.ts';
import {
  accountFacts,
  attention,
  envelope,
  NOTHING_DUE,
  NOW,
  payoutFacts,
  payoutTerms,
} from '../../support/builders.ts';
import { CONNECTED, PAID_OUT, reconciledWith, TRANSFERRED } from '../../support/event-samples.ts';

/** What subscribers learn of an object that went through these states, one after the other. */
function eventsOf<Entity, Standing>(publisher: Publisher<Entity, Standing>, states: readonly Entity[]) {
  let published = nothingPublished(publisher, true);
  return states.flatMap((state) => {
    const next = announce(publisher, published, state, NOW);
    published = next.published;
    return next.events;
  });
}

function told<Entity, Standing>(publisher: Publisher<Entity, Standing>, states: readonly Entity[]) {
  return eventsOf(publisher, states).map(({ id, type, data: { subject } }) =>
    subject === null ? `${id} ${type}` : `${id} ${type} ${subject}`,
  );
}

it('an object without a subscriber has no events, but counts them: its next subscriber gets the number after', () => {
  const { events, published } = announce(
    PAYOUT_EVENTS,
    nothingPublished(PAYOUT_EVENTS, false),
    PAID_OUT,
    NOW,
  );
  expect(events).toEqual([]);
  expect(published.sequence).toBe(1);
});

describe('a payout', () => {
  const asked = newPayout(payoutTerms({ id: 'wpo_1' }), NOW, false);
  const atStripe = (changes: Partial<PayoutFacts> & Pick<PayoutFacts, 'status'>): Payout => ({
    ...asked,
    state: { status: changes.status, payout: payoutFacts(changes) },
  });
  const { id } = payoutFacts();

  it('has an event for each status at Stripe, once, with the payout as the API shows it', () => {
    const states = [
      asked,
      atStripe({ status: 'pending' }),
      atStripe({ status: 'in_transit' }),
      PAID_OUT,
      PAID_OUT,
    ];
    expect(told(PAYOUT_EVENTS, states)).toEqual([
      `evt_payout~wpo_1~1 payout.created ${id}`,
      `evt_payout~wpo_1~2 payout.in_transit ${id}`,
      `evt_payout~wpo_1~3 payout.paid ${id}`,
    ]);
    expect(eventsOf(PAYOUT_EVENTS, [PAID_OUT])[0]?.data).toMatchObject({
      id: 'wpo_1',
      object: 'payout',
      status: 'paid',
      stripe_payout: id,
      subject: id,
      sequence: 1,
    });
  });

  it('says that it waits for funds, what fails, what needs somebody, and what is made again', () => {
    const funds = { available: 1, instantAvailable: null, pending: [{ amount: 4, availableOn: NOW }] };
    const waiting: Payout = { ...asked, state: { status: 'waiting_for_funds', funds } };
    const failed = atStripe({ status: 'failed', failureCode: 'account_closed' });
    const again = {
      ...atStripe({ status: 'failed', id: 'po_2' }),
      failures: [payoutFacts({ status: 'failed' })],
    };
    const stuck = { ...failed, attention: attention({ operation: 'payout', code: 'payout_failed' }) };
    expect(told(PAYOUT_EVENTS, [waiting, failed, stuck, again])).toEqual([
      'evt_payout~wpo_1~1 payout.waiting_for_funds',
      `evt_payout~wpo_1~2 payout.failed ${id}`,
      'evt_payout~wpo_1~3 payout.needs_attention',
      'evt_payout~wpo_1~4 payout.failed po_2',
      'evt_payout~wpo_1~5 payout.attention_cleared',
    ]);
    const [first, second, third, fourth] = eventsOf(PAYOUT_EVENTS, [waiting, failed, stuck, again]);
    expect(first?.data).toMatchObject({ funds: { available: 1, pending: [{ amount: 4 }] }, failure: null });
    expect(second?.data).toMatchObject({ failure: { code: 'account_closed' }, needs_attention: null });
    expect(third?.data).toMatchObject({ needs_attention: { code: 'payout_failed', deadline: null } });
    expect(fourth?.data).toMatchObject({ previous_failures: [{ stripe_payout: id }] });
    const canceled: Payout = { ...asked, state: { status: 'canceled', payout: null } };
    expect(told(PAYOUT_EVENTS, [canceled])).toEqual(['evt_payout~wpo_1~1 payout.canceled']);
  });
});

describe('a transfer without an order', () => {
  const pending: ShownTransfer = { ...TRANSFERRED, status: 'pending', transfer: null };
  const reversal = (id: string) => ({ id, amount: 100, currency: 'usd', createdAt: NOW });
  const approval = {
    id: 'apr_1',
    what: 'transfer',
    amount: 500,
    currency: 'usd',
    command: envelope('pay'),
    since: NOW,
    expiresAt: NOW + 1,
  };

  it('says when it is made, each of its reversals, and what waits for somebody', () => {
    const states = [
      { ...pending, approvals: [approval] },
      TRANSFERRED,
      { ...TRANSFERRED, reversals: [reversal('trr_1')] },
      { ...TRANSFERRED, reversals: [reversal('trr_2'), reversal('trr_1')] },
    ];
    expect(told(TRANSFER_EVENTS, states)).toEqual([
      'evt_transfer~bonus-1~1 transfer.needs_attention',
      'evt_transfer~bonus-1~2 transfer.created tr_1',
      'evt_transfer~bonus-1~3 transfer.attention_cleared',
      'evt_transfer~bonus-1~4 transfer.reversed trr_1',
      'evt_transfer~bonus-1~5 transfer.reversed trr_2',
    ]);
    expect(eventsOf(TRANSFER_EVENTS, states).map(({ data }) => data)).toMatchObject([
      { status: 'pending', approvals: [{ id: 'apr_1', command: 'transfer' }] },
      { status: 'paid' },
      { amount_reversed: 0, reversals: [] },
      { status: 'partially_reversed', amount_reversed: 100, subject: 'trr_1' },
      { amount_reversed: 200, reversals: [{ id: 'trr_2', object: 'transfer_reversal' }, { id: 'trr_1' }] },
    ]);
  });

  it('says of several reversals first what was first, and when they cannot be read', () => {
    const unreadable = { code: 'no_answer', message: 'Stripe did not answer', since: NOW };
    const states = [
      { ...TRANSFERRED, unreadable },
      { ...TRANSFERRED, reversals: [reversal('trr_2'), reversal('trr_1')], unreadable: null },
    ];
    expect(told(TRANSFER_EVENTS, states)).toEqual([
      'evt_transfer~bonus-1~1 transfer.created tr_1',
      'evt_transfer~bonus-1~2 transfer.needs_attention',
      'evt_transfer~bonus-1~3 transfer.reversed trr_1',
      'evt_transfer~bonus-1~4 transfer.reversed trr_2',
      'evt_transfer~bonus-1~5 transfer.attention_cleared',
    ]);
    expect(transferNotices({ ...pending, unreadable })).toMatchObject([
      { code: 'reading_failed', subject: pending.input.id, allowedActions: [] },
    ]);
  });

  it('says that it is given up, or paid under an id that nobody knows', () => {
    expect(told(TRANSFER_EVENTS, [pending, { ...pending, status: 'abandoned' }])).toEqual([
      'evt_transfer~bonus-1~1 transfer.abandoned',
    ]);
    expect(told(TRANSFER_EVENTS, [{ ...TRANSFERRED, transfer: null }])).toEqual([
      'evt_transfer~bonus-1~1 transfer.created',
    ]);
  });

  it('shows no reversal while Stripe has not said which there are', () => {
    expect(presentTransfer(TRANSFERRED, null)).toMatchObject({
      status: 'paid',
      amount_reversed: null,
      reversals: null,
    });
  });
});

describe('a connected account', () => {
  const asked = newAccount('seller-7', NOW, false);
  const withFacts = (changes: Parameters<typeof accountFacts>[0]): Account => ({
    ...CONNECTED,
    facts: accountFacts(changes),
  });

  it('says where it stands, and what changes while that stays', () => {
    const restricted = withFacts({ requirements: { ...NOTHING_DUE, pastDue: ['external_account'] } });
    const worse = withFacts({ requirements: { ...NOTHING_DUE, pastDue: ['external_account', 'tos'] } });
    const states: Account[] = [
      asked,
      CONNECTED,
      restricted,
      worse,
      { ...worse, attention: attention({ code: 'permission_missing' }) },
      CONNECTED,
      { ...CONNECTED, connection: 'disconnected' },
    ];
    expect(told(ACCOUNT_EVENTS, states)).toEqual([
      'evt_account~seller-7~1 account.enabled',
      'evt_account~seller-7~2 account.restricted',
      'evt_account~seller-7~3 account.updated',
      'evt_account~seller-7~4 account.needs_attention',
      'evt_account~seller-7~5 account.enabled',
      'evt_account~seller-7~6 account.attention_cleared',
      'evt_account~seller-7~7 account.disconnected',
    ]);
  });

  it('is shown as the API shows it, without bank accounts and without Waybill’s own marks', () => {
    const schedule = { interval: 'daily', delayDays: 2, weeklyAnchor: null, monthlyAnchor: null };
    const controller = {
      feesPayer: 'account',
      lossesPayer: 'stripe',
      requirementCollection: 'stripe',
      dashboard: 'full',
    };
    const requirements = { ...NOTHING_DUE, currentDeadline: NOW };
    const facts = {
      payoutSchedule: schedule,
      controller,
      requirements,
      metadata: { shop: '7', waybill_account: 'seller-7' },
      createdAt: NOW,
    };
    const pending = { operation: 'update_account', operationId: 'up', since: NOW, failure: null } as const;
    const [event] = eventsOf(ACCOUNT_EVENTS, [{ ...withFacts(facts), pending }]);
    expect(event?.data).toMatchObject({
      reference: 'seller-7',
      object: 'account',
      status: 'restricted_soon',
      metadata: { shop: '7' },
      controller: { fees_payer: 'account' },
      payout_schedule: { delay_days: 2 },
      requirements: { current_deadline: '2026-01-05T00:00:00.000Z' },
      pending: { operation: 'update_account', attempt: null, next_attempt_at: null, last_error: null },
      livemode: false,
    });
    expect(event?.data).not.toHaveProperty('external_accounts');
    expect(event?.data).not.toHaveProperty('metadata.waybill_account');
  });

  it('that Stripe has not made yet says only what needs somebody', () => {
    const stuck = { ...asked, attention: attention({ operation: 'create_account' }) };
    const [event] = eventsOf(ACCOUNT_EVENTS, [asked, stuck]);
    expect(event).toMatchObject({
      type: 'account.needs_attention',
      data: { id: null, status: 'onboarding', created: null },
    });
  });
});

describe('a reconciliation', () => {
  const failed = (to: number): Reconciled => ({
    ...reconciledWith(0),
    failure: { to, message: 'Stripe is down' },
  });

  it('says of every run that it found differences, and once that all is well again', () => {
    const states = [
      { report: null, failure: null },
      reconciledWith(0),
      reconciledWith(3, NOW + 1),
      reconciledWith(3, NOW + 1),
      reconciledWith(3, NOW + 2),
      reconciledWith(0, NOW + 3),
      reconciledWith(0, NOW + 4),
    ];
    expect(told(RECONCILIATION_EVENTS, states)).toEqual([
      'evt_reconciliation~last~1 reconciliation.differences_found',
      'evt_reconciliation~last~2 reconciliation.differences_found',
      'evt_reconciliation~last~3 reconciliation.reconciled',
    ]);
  });

  it('says that a run failed, and that the next one succeeded', () => {
    expect(told(RECONCILIATION_EVENTS, [failed(NOW), failed(NOW), reconciledWith(0, NOW + 1)])).toEqual([
      'evt_reconciliation~last~1 reconciliation.failed',
      'evt_reconciliation~last~2 reconciliation.reconciled',
    ]);
    const states = [{ report: null, failure: { to: NOW, message: 'Stripe is down' } }];
    expect(eventsOf(RECONCILIATION_EVENTS, states)[0]?.data).toMatchObject({
      report: null,
      failure: { at: '2026-01-05T00:00:00.000Z', message: 'Stripe is down' },
    });
  });

  it('shows totals, and the oldest of many differences', () => {
    const { report } = RECONCILIATION_EVENTS.present(reconciledWith(30), NOW);
    expect(report).toMatchObject({ reconciled: false, difference_count: 30, totals: [] });
    expect(report?.differences).toHaveLength(20);
    expect(report?.differences[0]).toMatchObject({ id: 'txn_0', amount: 1, currency: 'usd', age_seconds: 1 });
  });
});
