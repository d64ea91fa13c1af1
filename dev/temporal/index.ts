import type { Env } from '../cache-dir.ts';
import { temporalAttempts } from './attempts.ts';
import { firstThatWorks } from './locate.ts';

/** The path of a Temporal CLI that can serve, found, fetched or built. */
export async function temporalBinary(env: Env, home: string, log: (line: string) => void): Promise<string> {
  return (await firstThatWorks(temporalAttempts(env, home, log))).path;
}
