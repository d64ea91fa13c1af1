import { expect, it } from 'vitest';
import { needs } from '../../support/needs.ts';
import { COMMANDS, IMPATIENT, resolve, useOrderBench } from '../../support/order-bench.ts';
import { noTimeSkipping, startTimeSkipping } from '../../support/temporal.ts';

const LONGER_THAN_AN_ATTEMPT_MS = 90_000;

needs(noTimeSkipping)('an attempt that outlives its budget', () => {
  const bench = useOrderBench({ startServer: startTimeSkipping });

  it('is waited for before its operation is abandoned: it may still take effect', async () => {
    const order = await bench.create('late', IMPATIENT);
    let reachStripe = () => {};
    order.stripe.held = new Promise<void>((resolve) => {
      reachStripe = resolve;
    });
    const { result } = await order.command('capture-1', COMMANDS.capture);
    expect(result.outcome).toBe('needs_attention');

    const abandoned = order.command('resolve-1', resolve('abandon'));
    await bench.sleep(10_000);
    reachStripe();
    await bench.sleep(LONGER_THAN_AN_ATTEMPT_MS);
    expect(await abandoned).toMatchObject({
      result: { outcome: 'done' },
      state: { payment: { status: 'captured' }, attention: null },
    });
    await order.handle.result();
  });
});
