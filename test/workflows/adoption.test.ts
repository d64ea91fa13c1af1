import { describe, expect, it } from 'vitest';
import { facts } from '../support/builders.ts';
import type { OrderChanges } from '../support/order-bench.ts';
import { COMMANDS, IMPATIENT, resolve, useOrderBench } from '../support/order-bench.ts';
import { refused, UNREACHABLE } from '../support/scripted-stripe.ts';

const bench = useOrderBench();

/** Adopts a captured payment. */
function adopt(id: string, changes: OrderChanges = {}) {
  const { payment } = bench.stripe.of(id);
  bench.stripe.of(id).payment = facts('succeeded', { paymentIntent: payment.paymentIntent });
  return bench.create(id, { ...changes, adopted: true });
}

describe.concurrent('an order that adopts a payment', () => {
  it('asks Stripe for it under a key of that payment', async () => {
    const order = await adopt('adopted');
    expect(order.created).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured' } },
    });
    expect(order.stripe.calls).toMatchObject([
      { operation: 'adopt', operationId: 'pi_adopted', generation: 0 },
    ]);
    expect(await order.command('refund-1', COMMANDS.refund)).toMatchObject({ result: { outcome: 'done' } });
  });

  it('needs attention while Stripe cannot be reached, and continues from there', async () => {
    const { stripe } = bench;
    stripe.of('adopted-late').down = true;
    const order = await adopt('adopted-late', IMPATIENT);
    expect(order.created).toMatchObject({
      result: { outcome: 'needs_attention' },
      state: { payment: { status: 'pending' }, attention: { operation: 'adopt', code: UNREACHABLE } },
    });
    expect(await order.command('refund-1', COMMANDS.refund)).toMatchObject({
      result: { outcome: 'refused', problem: { code: 'needs_attention' } },
    });
    stripe.of('adopted-late').down = false;
    expect(await order.command('resolve-1', resolve('retry'))).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured' }, attention: null },
    });
  });

  it.each(['refused', 'given up'])(
    'fails when the adoption is %s, so that its id is free again',
    async (how) => {
      const id = `adoption-${how.replace(' ', '-')}`;
      const { steps } = bench.stripe.of(id);
      steps.push(how === 'refused' ? { answer: refused } : { attention: 'api_key_expired' });
      const order = await adopt(id);
      if (how === 'given up') await order.command('resolve-1', resolve('abandon'));
      await expect(order.handle.result()).rejects.toThrow();
      expect((await order.handle.describe()).status.name).toBe('FAILED');
    },
  );
});
