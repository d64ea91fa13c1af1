import { expect, vi } from 'vitest';
import { stripeAnswersSignal } from '../../../contract/stripe-events.ts';
import { dispute, facts } from '../../support/builders.ts';
import { COMMANDS, IMPATIENT, resolve, WITHIN } from '../../support/order-bench.ts';
import { declinedLeaving, refused } from '../../support/scripted-stripe.ts';
import type { Flows } from './flow.ts';
import { ended } from './flow.ts';

const card = { type: 'payment_method', id: 'pm_card_mastercard' } as const;
const automatic = { terms: { captureMethod: 'automatic' } } as const;

/** One order of each kind. */
export const ORDER_FLOWS: Flows = {
  async captured(bench, id) {
    const order = await bench.create(id);
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'answer-lost'(bench, id) {
    const order = await bench.create(id);
    order.stripe.steps.push({ lost: 'after' });
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'refunded-in-parts'(bench, id) {
    const order = await bench.create(id);
    await order.command('capture-1', { ...COMMANDS.capture, amount: 600 });
    await order.command('refund-1', { ...COMMANDS.refund, amount: 100, reverse_transfer: true });
    await order.command('transfer-1', COMMANDS.transfer);
    await order.command('refund-2', COMMANDS.refund);
    return order.handle;
  },
  async 'transfer-taken-back'(bench, id) {
    const order = await bench.create(id);
    await order.command('capture-1', COMMANDS.capture);
    const paid = await order.command('transfer-1', COMMANDS.transfer);
    const transfer = paid.state.transfers[0]?.id ?? '';
    const command = { kind: 'reverse_transfer', transfer, amount: 5 } as const;
    await order.command('reverse-1', command);
    await order.command('reverse-2', { ...command, amount: undefined });
    return order.handle;
  },
  async 'approved-and-declined'(bench, id) {
    const approval = { above: { usd: 100 }, withinMs: 3_600_000 };
    const order = await bench.create(id, { ...automatic, policy: { approval } });
    for (const [n, action] of ['decline', 'approve'].entries()) {
      await order.command(`refund-${n}`, { ...COMMANDS.refund, amount: 300 });
      await order.handle.signal('resolve', {
        request_id: `r-${n}`,
        actor: 'bob',
        action,
        reason: 'looked at it',
      });
      await vi.waitFor(async () => expect((await order.order()).approvals).toEqual([]), WITHIN);
    }
    await vi.waitFor(async () => expect((await order.order()).refunds).toHaveLength(1), WITHIN);
    return order.handle;
  },
  async adopted(bench, id) {
    const paid = bench.stripe.of(id);
    paid.payment = facts('succeeded', { paymentIntent: paid.payment.paymentIntent });
    const order = await bench.create(id, { adopted: true });
    await order.command('refund-1', COMMANDS.refund);
    return order.handle;
  },
  async announced(bench, id) {
    const order = await bench.create(id, { announced: true });
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'declined-then-confirmed'(bench, id) {
    const waiting = bench.stripe.of(id);
    waiting.steps.push({ answer: declinedLeaving(waiting.payment) });
    const order = await bench.create(id);
    await order.command('confirm-1', { kind: 'confirm', payment_method: card.id });
    return order.handle;
  },
  async canceled(bench, id) {
    const order = await bench.create(id);
    await order.command('cancel-1', COMMANDS.cancel);
    return ended(order);
  },
  async refused(bench, id) {
    bench.stripe.of(id).steps.push({ answer: refused });
    return ended(await bench.create(id));
  },
  async 'stuck-then-retried'(bench, id) {
    const order = await bench.create(id);
    order.stripe.steps.push({ attention: 'api_key_expired' });
    await order.command('capture-1', COMMANDS.capture);
    await order.command('resolve-1', resolve('mark_done', 'pi_wrong'));
    await order.command('resolve-2', resolve('retry_with_new_key'));
    return order.handle;
  },
  async 'outage-then-abandoned'(bench, id) {
    const order = await bench.create(id, IMPATIENT);
    order.stripe.down = true;
    await order.command('cancel-1', COMMANDS.cancel);
    order.stripe.down = false;
    await order.command('resolve-1', resolve('abandon'));
    return order.handle;
  },
  async 'outage-then-resumed'(bench, id) {
    const order = await bench.create(id, IMPATIENT);
    order.stripe.down = true;
    await order.command('capture-1', COMMANDS.capture);
    order.stripe.down = false;
    await order.handle.signal(stripeAnswersSignal);
    await vi.waitFor(async () => {
      if ((await order.known('capture-1'))?.outcome !== 'done') throw new Error();
    }, WITHIN);
    return order.handle;
  },
  async 'steered-by-signals'(bench, id) {
    const order = await bench.create(id);
    await order.handle.signal('capture', { request_id: 'ticket-1', actor: 'ada', amount: '5' });
    await order.handle.signal('capture', { request_id: 'ticket-2', actor: 'ada', amount: 500 });
    await order.handle.signal('stripeEvent', { eventId: 'evt_1', eventType: 'charge.updated' });
    await vi.waitFor(async () => {
      if ((await order.known('sig_ticket-2'))?.outcome !== 'done' || order.stripe.reads === 0)
        throw new Error();
    }, WITHIN);
    return order.handle;
  },
  async expired(bench, id) {
    const order = await bench.create(id, { captureWindowMs: 500 });
    const { paymentIntent } = order.stripe.payment;
    order.stripe.payment = facts('canceled', { paymentIntent, cancellationReason: 'automatic' });
    return ended(order);
  },
  async reauthorized(bench, id) {
    const terms = { onCaptureExpiry: 'reauthorize', source: { customer: 'cus_1', method: null } } as const;
    const order = await bench.create(id, { terms, captureWindowMs: 1_000 });
    await vi.waitFor(async () => {
      if ((await order.order()).captureWindow.cycle === 0) throw new Error();
    }, WITHIN);
    await order.command('capture-1', COMMANDS.capture);
    return order.handle;
  },
  async 'lost-dispute-recovered'(bench, id) {
    const order = await bench.create(id, {
      terms: { captureMethod: 'automatic', onDisputeLost: 'recover' },
    });
    order.stripe.disputes = [dispute()];
    await order.handle.signal('stripeEvent', { eventId: 'evt_1', eventType: 'charge.dispute.created' });
    await vi.waitFor(async () => {
      if ((await order.order()).disputes.length === 0) throw new Error();
    }, WITHIN);
    await order.command('accept-1', { kind: 'accept_dispute' });
    await vi.waitFor(async () => {
      if ((await order.order()).recoveries[0]?.status !== 'recovered') throw new Error();
    }, WITHIN);
    return order.handle;
  },
  async unpaid(bench, id) {
    const waiting = bench.stripe.of(id);
    waiting.steps.push({ answer: declinedLeaving(waiting.payment) });
    return ended(await bench.create(id, { policy: { abandonAfterMs: 500 } }));
  },
  async closed(bench, id) {
    return ended(await bench.create(id, { ...automatic, policy: { openMs: 500 } }));
  },
  async continued(bench, id) {
    const { command, handle } = await bench.create(id, automatic);
    for (let n = 0; n < 8; n++) await command(`refund-${n}`, { ...COMMANDS.refund, amount: 1 });
    return handle;
  },
};
