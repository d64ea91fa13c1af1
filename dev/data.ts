import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '../config.ts';
import { type Part, temporalFile } from './processes/parts.ts';
import { LockHeld, takeLock } from './run/file-lock.mjs';

/** Which embedded part keeps which folder. */
export const dataFolders = {
  temporal: ({ home }: Pick<Config, 'home'>) => dirname(temporalFile(home)),
  sandbox: ({ home }: Pick<Config, 'home'>) => join(home, 'sandbox'),
};

export class DataInUse extends Error {
  constructor(pid: number, folder: string) {
    super(
      `WAYBILL_HOME: process ${pid} already works on ${folder}. Stop it, or set WAYBILL_HOME to another folder.`,
    );
    this.name = 'DataInUse';
  }
}

/** One process at a time per data folder: two servers on one file would destroy it. */
export async function lockData(
  part: keyof typeof dataFolders,
  config: Pick<Config, 'home'>,
): Promise<() => Promise<void>> {
  const folder = dataFolders[part](config);
  try {
    return await takeLock(`${folder}.lock`);
  } catch (error) {
    if (!(error instanceof LockHeld)) throw error;
    throw new DataInUse(error.pid, folder);
  }
}

/**
 * Makes sure that nobody else works on the data of the parts to start, and empties it when asked to. The sandbox then
 * holds its own lock; Temporal can't, so it stays held here.
 */
export async function holdData(
  config: Config,
  parts: readonly Part[],
  fresh: boolean,
): Promise<() => Promise<void>> {
  const mine = (['sandbox', 'temporal'] as const).filter((part) => parts.includes(part));
  let release = async () => {};
  for (const part of mine) {
    const unlock = await lockData(part, config);
    if (fresh) await rm(dataFolders[part](config), { recursive: true, force: true });
    if (part === 'sandbox') await unlock();
    else release = unlock;
  }
  return release;
}
