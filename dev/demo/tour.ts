import { Listr, ListrLogger, ProcessOutput } from 'listr2';
import type { Stack } from '../stack.ts';
import { type Amounts, isNothing } from './amounts.ts';
import { type Played, play } from './play.ts';
import { scenarios } from './scenarios/index.ts';
import { type World, worldOf } from './world.ts';

/** All scenarios, played. */
export interface Tour {
  readonly ok: boolean;
  readonly played: readonly Played[];
  /** Of the whole ledger: 0 in each currency, unless money was made or lost. */
  readonly ledgerSum: Amounts;
}

export type Start = (report: (line: string) => void) => Promise<Stack>;

/** Brings everything up and plays one scenario after the other, showing on stderr how far it is. */
export async function takeTour(start: Start, over: AbortSignal): Promise<Tour> {
  const world = await bringUp(start);
  const played = await playAll(world, over);
  const { sum: ledgerSum } = await world.sandbox.ledger();
  return { ok: isNothing(ledgerSum) && played.every(({ ok }) => ok), played, ledgerSum };
}

async function bringUp(start: Start): Promise<World> {
  const title = 'Temporal, the Stripe sandbox, worker and API, as processes on free ports';
  let world: Promise<World> | undefined;
  await new Listr(
    {
      title,
      task: async (_, task) => {
        world = start((line) => {
          task.output = line;
        }).then(worldOf);
        await world;
      },
    },
    view(),
  ).run();
  if (world === undefined) throw new Error(`${title}: not started.`);
  return world;
}

/** A scenario that goes wrong is shown as such, and the others are played all the same. */
async function playAll(world: World, over: AbortSignal): Promise<Played[]> {
  const all: Played[] = [];
  const tasks = scenarios.map((scenario) => ({
    title: scenario.title,
    skip: () => over.aborted,
    task: async (_: unknown, task: { output: string }) => {
      const played = await play(scenario, world, (what) => {
        over.throwIfAborted();
        task.output = what;
      });
      all.push(played);
      if (!played.ok) throw new Error(played.error ?? 'not every figure is right');
    },
  }));
  await new Listr(tasks, { ...view(), exitOnError: false }).run();
  return all;
}

/** stdout is for the result alone. Ctrl-C is ours: what was started has to be ended first. */
function view() {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  return {
    registerSignalListeners: false,
    fallbackRendererCondition: () => !process.stderr.isTTY,
    rendererOptions: { logger, collapseErrors: false },
    fallbackRendererOptions: { logger },
  };
}
