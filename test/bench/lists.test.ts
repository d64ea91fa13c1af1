import { expect, it } from 'vitest';
import { measureLists } from '../../bench/lists/measure.ts';
import { ensureBuilt } from '../support/build.ts';

it('the bench of lists compares a page of summaries and of whole orders with one order, hot and cold', async () => {
  ensureBuilt();
  const text = await measureLists({ orders: 4, rounds: 1, concurrency: 2, progress: () => undefined });
  for (const row of ['one order', 'summaries', 'expand\\[\\]=data'])
    expect(text).toMatch(
      new RegExp(`^\\| ${row} \\| [\\d.]+ \\([\\d.]+ ×\\) \\| [\\d.]+ \\([\\d.]+ ×\\) \\|$`, 'm'),
    );
}, 600_000);
