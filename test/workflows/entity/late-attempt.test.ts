import { expect, it, vi } from 'vitest';
import { needs } from '../../support/needs.ts';
import { COMMANDS, IMPATIENT, resolve, useOrderBench } from '../../support/order-bench.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';
import { WITHIN } from '../../support/within.ts';

const LONGER_THAN_AN_ATTEMPT_MS = 90_000;

needs(noTimeSkipping)('an attempt that outlives its budget', () => {
  const bench = useOrderBench({ startServer: startTimeSkipping });

  /** The operator decides about the capture while the attempt is still on its way. */
  async function expectWaitedFor(
    order: Awaited<ReturnType<typeof bench.create>>,
    reachStripe: () => void,
    decision: ReturnType<typeof resolve> = resolve('abandon'),
  ): Promise<void> {
    let isDecided = false;
    const decided = order.command('resolve-1', decision).finally(() => {
      isDecided = true;
    });
    await bench.sleep(10_000);
    const wasWaited = !isDecided;
    reachStripe();
    await bench.sleep(LONGER_THAN_AN_ATTEMPT_MS);
    expect(await decided).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured' }, attention: null },
    });
    expect(wasWaited).toBe(true);
    await order.handle.result();
  }

  it('is waited for before its operation is abandoned: it may still take effect', async () => {
    const order = await bench.create('late', IMPATIENT);
    let reachStripe = () => {};
    order.stripe.held = new Promise<void>((resolve) => {
      reachStripe = resolve;
    });
    const { result } = await order.command('capture-1', COMMANDS.capture);
    expect(result.outcome).toBe('needs_attention');

    await expectWaitedFor(order, reachStripe);
  });

  it('is waited for before something is taken for its effect', async () => {
    const order = await bench.create('latemarked', IMPATIENT);
    let reachStripe = () => {};
    order.stripe.held = new Promise<void>((resolve) => {
      reachStripe = resolve;
    });
    expect((await order.command('capture-1', COMMANDS.capture)).result.outcome).toBe('needs_attention');

    await expectWaitedFor(order, reachStripe, resolve('mark_done', 'pi_latemarked'));
  });

  it('is waited for also where it was the first, and those after it failed at once', async () => {
    const order = await bench.create('late-first', IMPATIENT);
    let reachStripe = () => {};
    order.stripe.held = new Promise<void>((resolve) => {
      reachStripe = resolve;
    });
    const capturing = order.command('capture-1', COMMANDS.capture);
    await vi.waitFor(() => expect(order.stripe.running).toBe(1), WITHIN);
    order.stripe.held = Promise.resolve();
    order.stripe.down = true;
    expect((await capturing).result.outcome).toBe('needs_attention');

    order.stripe.down = false;
    await expectWaitedFor(order, reachStripe);
  });
});
