import { expect, it } from 'vitest';
import { measureOrderPath } from '../../bench/order-path/measure.ts';
import { profileOrderPath } from '../../bench/order-path/profile.ts';
import { orderPathReport } from '../../bench/order-path/report.ts';
import { ensureBuilt } from '../support/build.ts';

const progress = (): void => undefined;
const load = { orders: 4, concurrency: 2, progress };

it('the bench counts the CPU of Temporal, worker and API, and reports the sandbox beside them', async () => {
  ensureBuilt();
  const report = await measureOrderPath({ ...load, rounds: 2 });
  expect(report.sides.map(({ name, rounds }) => [name, rounds.length])).toEqual([
    ['bare', 2],
    ['waybill', 2],
  ]);
  const [waybill] = report.sides[1]?.rounds ?? [];
  const { temporal = 0, worker = 0, api = 0, sandbox } = waybill?.cpuMsPerOrderByPart ?? {};
  expect(waybill?.cpuMsPerOrder).toBeCloseTo(temporal + worker + api);
  expect(sandbox).toBeTypeOf('number');
  expect(orderPathReport(report)).toMatch(/^\| CPU an order, ms \| [\d.]+ \| [\d.]+ × \([\d.]+\) \|$/m);
}, 600_000);

it('the profile lists the functions of the worker, of its workflow thread and of the API', async () => {
  ensureBuilt();
  const text = await profileOrderPath(load);
  for (const title of ['worker, main thread', 'worker, thread 1', 'api, main thread', 'sandbox, main thread'])
    expect(text).toContain(title);
  expect(text).toMatch(/^ +[\d.]+ +[\d.]+ % {2}\w+/m);
}, 600_000);
