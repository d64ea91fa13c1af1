import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError } from '../dev/usage-error.ts';

const SEEDS_DEFAULT = 1_000;

export interface SimulationOptions {
  /** How many seeds. */
  readonly count: number;
  /** The first one; with a count of 1 the only one. */
  readonly from: number;
  /** How many threads. */
  readonly jobs: number;
  /** Look for the known ways to break Waybill, instead of for a seed. */
  readonly mutants: boolean;
}

export function simulationOptions(args: readonly string[]): SimulationOptions {
  const options = {
    seeds: { type: 'string', default: String(SEEDS_DEFAULT) },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    mutants: { type: 'boolean', default: false },
  } as const;
  const { seeds, from, jobs, mutants } = parseArgs({ args: [...args], options }).values;
  return { count: numberOf(seeds), from: numberOf(from), jobs: numberOf(jobs), mutants };
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`"${text}" is no positive number`);
}
