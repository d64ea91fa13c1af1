import { expect, it } from 'vitest';
import type { OperationOutcome } from '../../../contract/operations.ts';
import { stripeEventSignal } from '../../../contract/stripe-events.ts';
import { problem } from '../../../domain/errors.ts';
import { dispute, facts, wonDispute } from '../../support/builders.ts';
import { needs } from '../../support/needs.ts';
import type { OrderUnderTest } from '../../support/order-bench.ts';
import { COMMANDS, DAY_MS, IMPATIENT, refusalOf, resolve, useOrderBench } from '../../support/order-bench.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const SOLD = { terms: { captureMethod: 'automatic', onDisputeLost: 'recover' } } as const;

function refusedFor(stripeCode: string): OperationOutcome {
  const why = problem('stripe_refused', 'No.', { stripeCode });
  return { type: 'refused', stripeRequestId: 'req_refused', payment: null, problem: why };
}

/** Stripe shows the dispute as lost, and its event arrives. */
async function lose(order: OrderUnderTest, changes: Parameters<typeof dispute>[0] = {}): Promise<void> {
  const lost = dispute({ status: 'lost', ...changes });
  order.stripe.disputes = [lost];
  const eventId = `evt_lost_${lost.movements}`;
  await order.handle.signal(stripeEventSignal, { eventId, eventType: 'charge.dispute.closed' });
}

function attempts({ stripe }: OrderUnderTest): number[] {
  return stripe.calls.flatMap(({ operation, generation }) => (operation === 'recover' ? [generation] : []));
}

/** The clock jumps: one order after the other, each ended before the next begins. */
needs(noTimeSkipping)('the recovery of a lost dispute', () => {
  const bench = useOrderBench({ startServer: startTimeSkipping });

  it('is retried at growing distances, each time under a new key, until there are funds', async () => {
    const order = await bench.create('poor', SOLD);
    order.stripe.steps.push(...[1, 2].map(() => ({ answer: refusedFor('balance_insufficient') })));
    await lose(order);
    await bench.sleep(MINUTE_MS);
    expect(attempts(order)).toEqual([0]);
    expect((await order.order()).notices).toMatchObject([{ code: 'recovery_pending', subject: 'dp_1' }]);
    await bench.sleep(HOUR_MS);
    expect(attempts(order)).toEqual([0, 1]);
    await bench.sleep(HOUR_MS);
    expect(attempts(order)).toEqual([0, 1]);
    await bench.sleep(HOUR_MS);
    expect(attempts(order)).toEqual([0, 1, 2]);
    expect(await order.order()).toMatchObject({
      recoveries: [{ status: 'recovered', reversal: { amount: 1000 }, failure: null }],
      notices: [],
    });
    await order.handle.result();
  });

  it('takes only what the dispute has cost, where a part of it came back', async () => {
    const order = await bench.create('in-part', SOLD);
    await lose(order, { movements: 2, amountLost: 600 });
    await bench.sleep(MINUTE_MS);
    expect(order.stripe.calls.find(({ operation }) => operation === 'recover')).toMatchObject({
      amount: 600,
    });
    expect(await order.order()).toMatchObject({ recoveries: [{ status: 'recovered' }], notices: [] });
    await order.handle.result();
  });

  it('was too much, if a part comes back later', async () => {
    const order = await bench.create('in-part-later', SOLD);
    await lose(order);
    await bench.sleep(MINUTE_MS);
    await lose(order, { movements: 2, amountLost: 600 });
    await bench.sleep(MINUTE_MS);
    expect(attempts(order)).toEqual([0]);
    expect((await order.order()).notices).toMatchObject([{ code: 'recovered_too_much', subject: 'dp_1' }]);
    await order.command('resolve-1', resolve('acknowledge'));
    expect((await order.order()).notices).toMatchObject([{ acknowledgedBy: expect.anything() }]);
    await order.handle.result();
  });

  it('keeps the order open as long as it takes', async () => {
    const order = await bench.create('patient', { ...SOLD, policy: { openMs: DAY_MS } });
    order.stripe.steps.push(
      ...Array.from({ length: 8 }, () => ({ answer: refusedFor('balance_insufficient') })),
    );
    await lose(order);
    await bench.sleep(2 * DAY_MS);
    expect((await order.handle.describe()).status.name).toBe('RUNNING');
    expect(await order.handle.result()).toMatchObject({ recoveries: [{ status: 'recovered' }] });
  });

  it('is not made once the bank has decided otherwise', async () => {
    const order = await bench.create('reinstated', SOLD);
    order.stripe.steps.push({ answer: refusedFor('balance_insufficient') });
    await lose(order);
    await bench.sleep(MINUTE_MS);
    order.stripe.disputes = [wonDispute()];
    const reinstated = { eventId: 'evt_won', eventType: 'charge.dispute.funds_reinstated' };
    await order.handle.signal(stripeEventSignal, reinstated);
    await bench.sleep(DAY_MS);
    expect(attempts(order)).toEqual([0]);
    expect(await order.order()).toMatchObject({ disputes: [{ status: 'won' }], notices: [] });
    await order.handle.result();
  });

  it('is not repeated either where it was stuck meanwhile, and made once the dispute is lost again', async () => {
    const order = await bench.create('reinstated-stuck', { ...SOLD, ...IMPATIENT });
    order.stripe.steps.push(...Array.from({ length: 99 }, () => ({ lost: 'before' }) as const));
    await lose(order);
    await bench.sleep(MINUTE_MS / 2);
    expect((await order.order()).attention).toMatchObject({ operation: 'recover' });
    const tried = attempts(order).length;
    order.stripe.steps.length = 0;
    order.stripe.disputes = [wonDispute()];
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_won', eventType: 'charge.dispute.closed' });
    await bench.sleep(HOUR_MS);
    expect(attempts(order)).toHaveLength(tried);
    expect(await order.order()).toMatchObject({
      attention: null,
      notices: [],
      recoveries: [{ status: 'pending', reversal: null }],
    });

    await lose(order, { movements: 3 });
    await bench.sleep(MINUTE_MS);
    expect(attempts(order)).toHaveLength(tried + 1);
    expect(await order.order()).toMatchObject({ recoveries: [{ status: 'recovered' }], notices: [] });
    await order.handle.result();
  });

  it('is made before the order closes, even when the bank decides late', async () => {
    const order = await bench.create('decided-late', { ...SOLD, policy: { openMs: DAY_MS } });
    order.stripe.disputes = [dispute()];
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_1', eventType: 'charge.dispute.created' });
    await bench.sleep(3 * DAY_MS);
    await lose(order);
    expect(await order.handle.result()).toMatchObject({ recoveries: [{ status: 'recovered' }] });
    expect(attempts(order)).toEqual([0]);
  });

  it('waits for an operator where Stripe refuses for another reason, and is retried or given up by one', async () => {
    const order = await bench.create('closed-account', SOLD);
    order.stripe.steps.push(...[1, 2].map(() => ({ answer: refusedFor('account_invalid') })));
    await lose(order);
    await bench.sleep(3 * DAY_MS);
    expect(attempts(order)).toEqual([0]);
    expect((await order.order()).notices).toMatchObject([{ code: 'recovery_refused' }]);
    const retried = await order.command('resolve-1', resolve('retry'));
    expect(retried).toMatchObject({
      result: { outcome: 'needs_attention' },
      state: { recoveries: [{ status: 'refused', attempts: 2 }] },
    });
    const given = await order.command('resolve-2', resolve('abandon'));
    expect(given).toMatchObject({
      result: { outcome: 'done' },
      state: { recoveries: [{ status: 'given_up' }], notices: [] },
    });
    await order.handle.result();
  });

  it('is abandoned by its dispute’s id, and nothing else that is stuck', async () => {
    const order = await bench.create('stuck-beside', SOLD);
    const poor = { answer: refusedFor('balance_insufficient') };
    order.stripe.steps.push(poor, { attention: 'permission_error' });
    await lose(order);
    await bench.sleep(MINUTE_MS);
    await order.command('transfer-1', COMMANDS.transfer);
    const refused = await refusalOf(order.command('resolve-3', resolve('retry', 'dp_1')));
    expect(refused).toMatchObject({ code: 'needs_attention' });
    const given = await order.command('resolve-4', resolve('abandon', 'dp_1'));
    expect(given).toMatchObject({
      result: { outcome: 'done' },
      state: { recoveries: [{ status: 'given_up' }], attention: { operation: 'transfer' }, notices: [] },
    });
    expect(await order.command('resolve-5', resolve('abandon'))).toMatchObject({
      state: { attention: null, transfers: [] },
    });
    await order.handle.result();
  });

  it('of several that are retried together gets stuck alone: nothing takes its place', async () => {
    const order = await bench.create('twice-lost', SOLD);
    order.stripe.steps.push(...[1, 2].map(() => ({ answer: refusedFor('account_closed') })));
    order.stripe.disputes = ['dp_1', 'dp_2'].map((id) => dispute({ id, status: 'lost' }));
    const lost = { eventId: 'evt_lost', eventType: 'charge.dispute.closed' };
    await order.handle.signal(stripeEventSignal, lost);
    await bench.sleep(MINUTE_MS);
    const codes = (await order.order()).notices.map(({ code }) => code);
    expect(codes.toSorted()).toEqual(['given_back_twice', 'recovery_refused', 'recovery_refused']);
    order.stripe.steps.push(...[1, 2].map(() => ({ attention: 'api_key_expired' })));
    await order.command('resolve-1', resolve('retry'));
    expect(order.stripe.calls.filter(({ operation }) => operation === 'recover')).toHaveLength(3);
    expect((await order.order()).attention).toMatchObject({ operationId: 'recover:dp_1' });
    order.stripe.steps.length = 0;
    await order.command('resolve-2', resolve('retry'));
    await order.command('resolve-3', resolve('retry', 'dp_2'));
    expect((await order.order()).recoveries).toMatchObject([
      { status: 'recovered' },
      { status: 'recovered' },
    ]);
    await order.command('resolve-4', resolve('acknowledge'));
    await order.handle.result();
  });

  it('repeats a reversal whose answer was lost under the same key', async () => {
    const order = await bench.create('lost-answer', SOLD);
    order.stripe.steps.push({ lost: 'after' });
    await lose(order);
    await bench.sleep(MINUTE_MS);
    expect(attempts(order)).toEqual([0, 0]);
    expect((await order.order()).recoveries).toMatchObject([{ status: 'recovered' }]);
    await order.handle.result();
  });

  it('is no longer made once the charge itself has failed', async () => {
    const order = await bench.create('failed-too', SOLD);
    order.stripe.steps.push({ answer: refusedFor('balance_insufficient') });
    await lose(order);
    await bench.sleep(MINUTE_MS);
    order.stripe.payment = facts('requires_payment_method', {
      paymentIntent: order.stripe.payment.paymentIntent,
      latestCharge: 'ch_1',
      chargeFailure: { code: 'account_closed', message: 'No.' },
    });
    await order.handle.signal(stripeEventSignal, { eventId: 'evt_failed', eventType: 'charge.failed' });
    await bench.sleep(DAY_MS);
    expect(attempts(order)).toEqual([0]);
    expect((await order.order()).notices).toMatchObject([{ code: 'charge_failed' }]);
    await order.command('resolve-failed', resolve('acknowledge'));
    await order.handle.result();
  });

  it('never repeats a key that was refused, though earlier ones were spent by failures of Stripe', async () => {
    const order = await bench.create('spent-keys', SOLD);
    const spent: OperationOutcome = { type: 'key_spent', stripeRequestId: null };
    order.stripe.steps.push({ answer: spent }, { answer: refusedFor('balance_insufficient') });
    await lose(order);
    await bench.sleep(MINUTE_MS);
    expect(attempts(order)).toEqual([0, 1]);
    await order.command('resolve-spent', resolve('retry'));
    expect(attempts(order)).toEqual([0, 1, 2]);
    expect(await order.order()).toMatchObject({ recoveries: [{ status: 'recovered' }], notices: [] });
    await order.handle.result();
  });

  it('never repeats a key that was refused, whoever chose it', async () => {
    const order = await bench.create('new-key', SOLD);
    const poor = { answer: refusedFor('balance_insufficient') };
    order.stripe.steps.push({ attention: 'permission_error' }, poor);
    await lose(order);
    await bench.sleep(MINUTE_MS);
    await order.command('resolve-key', resolve('retry_with_new_key'));
    expect(attempts(order)).toEqual([0, 1]);
    await order.command('resolve-again', resolve('retry'));
    expect(attempts(order)).toEqual([0, 1, 2]);
    expect(await order.order()).toMatchObject({ recoveries: [{ status: 'recovered' }], notices: [] });
    await order.handle.result();
  });
});
