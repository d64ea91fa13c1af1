import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export type Env = Readonly<Record<string, string | undefined>>;

/** Where built tools may lie, best first: the user's own cache, so that fresh clones share it, then the home. */
export function cacheDirs(env: Env, home: string): [string, string] {
  const base = env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache');
  return [join(base, 'waybill'), join(home, 'cache')];
}

/** The first of them that can be written to (a read-only home directory is usual in containers). */
export function writableCacheDir(dirs: readonly string[]): string {
  const reasons: string[] = [];
  for (const dir of dirs) {
    try {
      mkdirSync(dir, { recursive: true });
      accessSync(dir, constants.W_OK);
      return dir;
    } catch (error) {
      reasons.push(String(error));
    }
  }
  throw new Error(
    `No cache folder can be written to (set XDG_CACHE_HOME or WAYBILL_HOME): ${reasons.join('; ')}`,
  );
}
