import { workflowTime } from '../runtime/workflow-run.ts';
import type { Chance } from './chance.ts';
import type { VirtualClock } from './clock.ts';

let clock: VirtualClock | null = null;
let chance: Chance | null = null;
let drawn = 0;

/** From here on all code in the bundle lives in this time and draws these lots. */
export function useTime(newClock: VirtualClock, newChance: Chance): void {
  clock = newClock;
  chance = newChance;
  drawn = 0;
}

/** Takes the place of `Date.now` and `performance.now` in the bundle. Milliseconds since the epoch. */
export function simulatedNow(): number {
  return workflowTime() ?? clock?.now ?? 0;
}

/** Takes the place of `Math.random` in the bundle. */
export function simulatedRandom(): number {
  drawn += 1;
  return chance?.of(`random ${drawn}`) ?? 0;
}
