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
  /** Of the whole ledger, by currency; nothing, or money was made or lost. */
  readonly ledgerSum: Amounts;
}

interface Progress {
  world?: World;
  readonly played: Played[];
}

/** Brings everything up and plays one scenario after the other, showing on stderr how far it is. */
export async function takeTour(start: (report: (line: string) => void) => Promise<Stack>): Promise<Tour> {
  const list = new Listr<Progress>(
    [
      {
        title: 'Temporal, the Stripe sandbox, worker and API, as processes on free ports',
        // Without them there is nothing to play with.
        exitOnError: true,
        task: async (progress, task) => {
          const stack = await start((line) => {
            task.output = line;
          });
          progress.world = await worldOf(stack);
        },
      },
      ...scenarios.map((scenario) => ({
        title: scenario.title,
        task: async (progress: Progress, task: { output: string }) => {
          const played = await play(scenario, worldIn(progress), (what) => {
            task.output = what;
          });
          progress.played.push(played);
          if (!played.ok) throw new Error(played.error ?? 'not every figure is right');
        },
      })),
    ],
    view(),
  );
  const progress = await list.run({ played: [] });
  const { sum } = await worldIn(progress).sandbox.ledger();
  const ok = isNothing(sum) && progress.played.length === scenarios.length;
  return { ok: ok && progress.played.every((one) => one.ok), played: progress.played, ledgerSum: sum };
}

function worldIn({ world }: Progress): World {
  if (world === undefined) throw new Error('A scenario was played before its world was there.');
  return world;
}

/** stdout is for the result alone. Ctrl-C is ours: what was started has to be ended first. */
function view() {
  const logger = new ListrLogger({ processOutput: new ProcessOutput(process.stderr, process.stderr) });
  return {
    concurrent: false,
    exitOnError: false,
    registerSignalListeners: false,
    fallbackRendererCondition: () => !process.stderr.isTTY,
    rendererOptions: { logger },
    fallbackRendererOptions: { logger },
  };
}
