import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { huntMutants } from './hunt.ts';
import { searchSeeds } from './search.ts';

const SEEDS_DEFAULT = 1_000;

const { values } = parseArgs({
  options: {
    /** How many. */
    seeds: { type: 'string', default: String(SEEDS_DEFAULT) },
    /** The first one, or with `--seeds 1` the only one. */
    from: { type: 'string', default: '1' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    mutants: { type: 'boolean', default: false },
  },
});
const [count, from, jobs] = [values.seeds, values.from, values.jobs].map(numberOf) as [
  number,
  number,
  number,
];
process.exitCode = (values.mutants ? await huntMutants(say) : await searchSeeds({ from, count, jobs }, say))
  ? 0
  : 1;

function numberOf(text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  say(`"${text}" is no positive number`);
  return process.exit(1);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
