import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { measureOpenOrders } from '../../bench/open-orders/measure.ts';
import { ensureBuilt } from '../support/build.ts';

const home = mkdtempSync(join(tmpdir(), 'open-orders-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const measure = async (orders: number) => {
  const lines: string[] = [];
  const progress = (line: string) => lines.push(line);
  const text = await measureOpenOrders({ orders, concurrency: 4, minutes: 10, home, progress });
  return { text, lines };
};

it('the bench of open orders compares with an empty system, and a second run goes on where the first ended', async () => {
  ensureBuilt();
  const { text } = await measure(20);
  expect(text).toMatch(/^20 orders wait for their capture/);
  for (const [figure, value] of [
    ['orders started a second, to an empty system', '[\\d.]+ × \\([\\d.]+ / [\\d.]+\\)'],
    ['CPU an order started, ms, to an empty system', '[\\d.]+ × \\([\\d.]+ / [\\d.]+\\)'],
    ['memory of the worker, last step to the middle one', '[\\d.]+ ×'],
    ['database, an open order', '[\\d.]+ KiB; a million, reckoned: [\\d.]+ GiB'],
    ['a cold capture, to a hot one', '[\\d.]+ × \\([\\d.]+ / [\\d.]+ ms\\)'],
    ['status=authorized, to one order', '[\\d.]+ × \\([\\d.]+ ms\\)'],
  ])
    expect(text).toMatch(new RegExp(`^\\| ${figure} \\| ${value} \\|$`, 'm'));

  const again = await measure(30);
  expect(again.lines).toContain('16 orders are there from an earlier run');
  expect(again.text).toMatch(/^30 orders wait for their capture/);
}, 600_000);
