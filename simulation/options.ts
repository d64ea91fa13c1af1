import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { UsageError } from '../dev/usage-error.ts';
import type { Theme } from './lives/themes.ts';
import { THEMES } from './lives/themes.ts';

const SEEDS_DEFAULT = 1_000;

export interface SimulationOptions {
  /** How many seeds. */
  readonly count: number;
  /** The first one; with a count of 1 the only one. */
  readonly from: number;
  /** How many threads. */
  readonly jobs: number;
  /** What every life is about; null: each seed decides. */
  readonly theme: Theme | null;
  /** Look for the known ways to break Waybill, instead of for a seed. */
  readonly mutants: boolean;
}

export function simulationOptions(args: readonly string[]): SimulationOptions {
  const options = {
    seeds: { type: 'string', default: String(SEEDS_DEFAULT) },
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    theme: { type: 'string' },
    mutants: { type: 'boolean', default: false },
  } as const;
  const { seeds, from, jobs, theme, mutants } = parseArgs({ args: [...args], options }).values;
  return {
    count: numberOf(seeds),
    from: numberOf(from),
    jobs: numberOf(jobs),
    theme: theme === undefined ? null : themeNamed(theme),
    mutants,
  };
}

function themeNamed(name: string): Theme {
  const theme = THEMES.find((one) => one === name);
  if (theme) return theme;
  throw new UsageError(`There is no theme "${name}". Themes: ${THEMES.join(', ')}`);
}

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new UsageError(`"${text}" is no positive number`);
}
