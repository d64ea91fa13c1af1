import { rmSync } from 'node:fs';
import { buildSimulation, loadSimulation } from './build.ts';
import type { Mutant } from './mutant.ts';
import { MUTANTS } from './mutants.ts';

/** A mutant that survives so many seeds counts as not found. */
const SEEDS_MAX = 1_000;

interface Found {
  /** Of the first seed that failed; null: none did. */
  readonly seed: number | null;
  readonly violation: string | null;
}

/** The simulation of a copy that is broken; `close` removes it. */
export async function loadMutant(mutant: Mutant) {
  const file = await buildSimulation(mutant);
  const { simulate, simulateScript } = await loadSimulation(file);
  return { simulate, simulateScript, close: () => rmSync(file, { force: true }) };
}

/** Looks for the first seed that notices how a copy was broken. */
export async function hunt(mutant: Mutant, seedsMax = SEEDS_MAX): Promise<Found> {
  const { simulate, close } = await loadMutant(mutant);
  try {
    for (let seed = 1; seed <= seedsMax; seed++) {
      const { violation } = await simulate(seed, mutant.theme);
      if (violation !== null) return { seed, violation };
    }
    return { seed: null, violation: null };
  } finally {
    close();
  }
}

/** Whether all are found. */
export async function huntMutants(say: (line: string) => void): Promise<boolean> {
  let found = 0;
  for (const mutant of MUTANTS) {
    const { seed, violation } = await hunt(mutant);
    if (seed !== null) found += 1;
    const lives = mutant.theme ? ` of ${mutant.theme}` : '';
    say(seed === null ? `NOT FOUND  ${mutant.name}` : `seed ${seed}${lives}  ${mutant.name}: ${violation}`);
  }
  say(`${found} of ${MUTANTS.length} mutants found`);
  return found === MUTANTS.length;
}
