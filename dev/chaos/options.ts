import { parseArgs } from 'node:util';
import { UsageError } from '../usage-error.ts';

export interface ChaosOptions {
  readonly orders: number;
  readonly seed: number;
  /** Temporal's four roles on PostgreSQL, two workers, two APIs and a proxy, instead of what `npm start` runs. */
  readonly cluster: boolean;
}

const SHORT_ORDERS = 40;
const ORDERS_MAX = 1_000_000;

const USAGE = `npm run chaos                              40 orders through killed processes and an absent Stripe, a minute or two
npm run chaos -- --orders 10000 --seed 7   the long form, with another seed
npm run chaos -- --cluster                 on Temporal's four roles with PostgreSQL`;

/** Throws, with what there is, for what there is not. */
export function chaosOptions(args: readonly string[]): ChaosOptions {
  const { orders, seed, cluster } = parsed(args);
  return {
    orders: integer('--orders', orders, 1, ORDERS_MAX),
    seed: integer('--seed', seed, 0, 2 ** 32 - 1),
    cluster,
  };
}

function parsed(args: readonly string[]) {
  try {
    const options = {
      orders: { type: 'string', default: String(SHORT_ORDERS) },
      seed: { type: 'string', default: '1' },
      cluster: { type: 'boolean', default: false },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new UsageError(`${name} must be an integer from ${min} to ${max}.\n\n${USAGE}`);
}
