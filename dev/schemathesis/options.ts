import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

export interface FuzzOptions {
  readonly minutes: number;
  readonly seed: number;
}

/** Without a seed it is another one each time. */
export function fuzzOptions(args: readonly string[]): FuzzOptions {
  const options = { minutes: { type: 'string', default: '10' }, seed: { type: 'string' } } as const;
  const { minutes, seed } = parseArgs({ args: [...args], options }).values;
  return { minutes: Number(minutes), seed: Number(seed ?? randomInt(2 ** 31)) };
}
