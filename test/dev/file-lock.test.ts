import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LockHeld, takeLock, withLock } from '../../dev/run/file-lock.mjs';

let dir: string;
let lock: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'waybill-lock-'));
  lock = join(dir, 'lock');
});
afterEach(() => rm(dir, { recursive: true }));

it('is held by one at a time, and leaves nothing behind', async () => {
  let inside = 0;
  let most = 0;
  const work = () =>
    withLock(lock, async () => {
      most = Math.max(most, ++inside);
      await readdir(dir);
      inside--;
    });
  await Promise.all([work(), work(), work()]);
  expect(most).toBe(1);
  expect(await readdir(dir)).toEqual([]);
});

it('names the process that holds it', async () => {
  await writeFile(lock, `${process.ppid}\n`);
  await expect(takeLock(lock)).rejects.toEqual(new LockHeld(lock, process.ppid));
});

it('is taken over from a process that is gone', async () => {
  const { pid } = spawnSync('true');
  await writeFile(lock, `${pid}\n`);
  const release = await takeLock(lock);
  await release();
  expect(await readdir(dir)).toEqual([]);
});

it('is taken over from an earlier life with the same pid, as in a container', async () => {
  await writeFile(lock, `${process.pid}\n`);
  await (await takeLock(lock))();
});
