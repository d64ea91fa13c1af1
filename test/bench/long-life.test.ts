import { expect, it } from 'vitest';
import { measureLongLife } from '../../bench/long-life/measure.ts';
import { ensureBuilt } from '../support/build.ts';

/** The last of them is a refund in the Dashboard. */
const COMMANDS = 50;

it('the bench of a long life does everything to one order, which equals Stripe at the end, and reports ten steps', async () => {
  ensureBuilt();
  const text = await measureLongLife({ commands: COMMANDS, progress: () => undefined });
  expect(text).toMatch(/^One order: 6 refunds, 5 transfers, 5 reversals, 10 refused commands, 8 repeats,/);
  const steps = [...text.matchAll(/^\| (\d+) \| \d+ \| \d+ \| [1-9]\d* \| [1-9]\d* \| \d+ \| \d+ \|$/gm)];
  expect(steps.map(([, done]) => Number(done))).toEqual([5, 10, 15, 20, 25, 30, 35, 40, 45, 50]);
}, 600_000);
