import type { Cancel } from './clock.ts';
import type { Processes } from './process.ts';

let processes: Processes | null = null;

export function useProcesses(newProcesses: Processes): void {
  processes = newProcesses;
}

function inUse(): Processes {
  if (!processes) throw new Error('No simulation runs.');
  return processes;
}

/** Takes the place of the same function of `node:timers/promises` in the bundle. */
export function setTimeout(ms: number): Promise<void> {
  return inUse().sleep(ms);
}

/** Takes the place of the global `setTimeout` in the bundle. */
export function startTimer<Args extends unknown[]>(
  fire: (...args: Args) => void,
  ms: number,
  ...args: Args
): Cancel {
  return inUse().startTimer(() => fire(...args), ms);
}

/** Takes the place of the global `clearTimeout` in the bundle. */
export function clearTimer(cancel: Cancel | undefined): void {
  cancel?.();
}
