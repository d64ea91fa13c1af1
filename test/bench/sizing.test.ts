import { expect, it } from 'vitest';
import { measureSizing } from '../../bench/sizing/measure.ts';
import { noCluster } from '../../dev/cluster/system-programs.ts';
import { ensureBuilt } from '../support/build.ts';
import { needs } from '../support/needs.ts';

needs(await noCluster(process.env))('the bench of sizes', () => {
  it('says what an order costs each process of a cluster, and in the write-ahead log', async () => {
    ensureBuilt();
    const text = await measureSizing({ orders: 20, rounds: 1, concurrency: 4, progress: () => undefined });
    for (const part of ['PostgreSQL', 'Temporal history', 'worker', 'API'])
      expect(text).toMatch(new RegExp(`^\\| ${part} \\| [1-9]\\d*\\.\\d \\| \\d+ \\|`, 'm'));
    expect(Number(/write-ahead log: ([\d.]+) KiB/.exec(text)?.[1])).toBeGreaterThan(1);
    expect(text).toMatch(/^Without the [1-9]\d* visibility indexes over columns that hold nothing/m);
  }, 600_000);
});
