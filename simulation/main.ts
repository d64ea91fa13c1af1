import { huntMutants } from './hunt.ts';
import { simulationOptions } from './options.ts';
import { searchSeeds } from './search.ts';

const { mutants, ...seeds } = simulationOptions(process.argv.slice(2));
process.exitCode = (mutants ? await huntMutants(say) : await searchSeeds(seeds, say)) ? 0 : 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
