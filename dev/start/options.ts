import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Without the orders of the run before. */
  readonly fresh: boolean;
}

export function startOptions(args: readonly string[]): StartOptions {
  return parseArgs({ args: [...args], options: { fresh: { type: 'boolean', default: false } } }).values;
}
