import { expect, it } from 'vitest';
import { runDrill } from '../../dev/chaos/drill.ts';
import { linesOf } from '../../dev/chaos/report.ts';
import { stackUnderTest } from '../../dev/chaos/system.ts';
import { ensureBuilt } from '../support/build.ts';
import { testSeed } from '../support/seed.ts';

const SEED = testSeed();
/** Two rounds: webhooks off, and webhooks lost, doubled and reordered. */
const ORDERS = 40;

it(`through killed and stopped processes and an absent Stripe nothing is lost and nothing happens twice (seed ${SEED})`, async () => {
  ensureBuilt();
  const system = await stackUnderTest(() => undefined);
  try {
    const report = await runDrill(system, { orders: ORDERS, seed: SEED, report: () => undefined });
    expect(report.violations, linesOf(report).join('\n')).toEqual([]);
    expect(report.restarts).toBeGreaterThan(0);
    expect(report.events).toBeGreaterThan(ORDERS);
  } finally {
    await system.stop();
  }
}, 600_000);
