import { beforeAll, expect, it } from 'vitest';
import { buildSimulation, loadSimulation } from '../../simulation/build.ts';
import { SCRIPTS } from './scripts.ts';

type Simulation = Awaited<ReturnType<typeof loadSimulation>>;

const SEEDS = 10;

let simulate: Simulation['simulate'];
let simulateScript: Simulation['simulateScript'];
beforeAll(async () => {
  ({ simulate, simulateScript } = await loadSimulation(await buildSimulation()));
});

it(`holds every invariant through ${SEEDS} seeds of crashes, lost answers and outages`, async () => {
  const violations: string[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violation } = await simulate(seed);
    if (violation !== null) violations.push(`seed ${seed}: ${violation}`);
  }
  expect(violations).toEqual([]);
});

it('lives through the same seed in the same way', async () => {
  const [first, again] = [await simulate(7), await simulate(7)];
  expect(again).toEqual(first);
  expect(first.script.faults.length).toBeGreaterThan(0);
});

it.each(Object.entries(SCRIPTS))('holds through %s', async (_, script) => {
  const { violation, script: lived } = await simulateScript(script);
  expect(violation).toBeNull();
  expect(lived.faults.toSorted(), 'what the script is about no longer happens').toEqual(
    script.faults.toSorted(),
  );
});
