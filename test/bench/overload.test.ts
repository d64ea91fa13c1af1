import { expect, it } from 'vitest';
import { measureFairness } from '../../bench/fairness/measure.ts';
import { measureOverload } from '../../bench/overload/measure.ts';
import { ensureBuilt } from '../support/build.ts';

const progress = (): void => undefined;

it('the bench of overload compares goodput with the peak, and repeats what was refused', async () => {
  ensureBuilt();
  const few = { orders: 8, rounds: 1, concurrency: 2, env: 'WAYBILL_COMMANDS_MAX=4' };
  const text = await measureOverload({ ...few, progress });
  expect(text).toMatch(/^\| goodput \/ peak \| [\d.]+ \| [\d.]+ \|$/m);
  expect(text).toMatch(/^\| refused, % \| [1-9]\d* \|/m);
  expect(text).toMatch(/^\| a refusal p95, ms \| \d+ \|/m);
}, 600_000);

it('the bench of fairness compares captures during another account’s burst with captures alone', async () => {
  ensureBuilt();
  const text = await measureFairness({ orders: 20, captures: 4, progress });
  for (const figure of ['p50', 'p95'])
    expect(text).toMatch(new RegExp(`^\\| ${figure} \\| \\d+ \\| \\d+ \\| [\\d.]+ × \\|$`, 'm'));
}, 600_000);
