import { type Stack, startStack } from '../stack.ts';
import { untilToldToStop } from '../until-stopped.ts';
import { brokenOff, document } from './document.ts';
import { type DemoOptions, demoOptions } from './options.ts';
import { report, whereToLook } from './report.ts';
import { type Tour, takeTour } from './tour.ts';

/** `npm run demo`, from its arguments to its exit code. */
export async function demo(args: readonly string[]): Promise<number> {
  try {
    return await run(demoOptions(args));
  } catch (error) {
    console.error(messageOf(error));
    return 1;
  }
}

async function run({ once, json }: DemoOptions): Promise<number> {
  const startedMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startedMs);
  const toldToStop = untilToldToStop().then(() => undefined);
  let starting: Promise<Stack> | undefined;
  const touring = takeTour((tell) => {
    starting = startStack({ report: tell });
    return starting;
  });
  try {
    const tour = await Promise.race([touring, toldToStop]);
    if (tour === undefined) return INTERRUPTED;
    console.log(json ? document(tour, tookMs()) : report(tour, tookMs()));
    if (!once && starting !== undefined) {
      console.log(whereToLook((await starting).urls));
      await toldToStop;
    }
    return tour.ok ? 0 : 1;
  } catch (error) {
    if (json) console.log(brokenOff(messageOf(error), tookMs()));
    throw error;
  } finally {
    await end(starting, touring);
  }
}

const INTERRUPTED = 130;

/** Whatever became of the tour: nothing of it stays, no process and no file. */
async function end(starting: Promise<Stack> | undefined, touring: Promise<Tour>): Promise<void> {
  // What a tour says that was cut short is of no interest: its world is taken away under its feet.
  touring.catch(() => undefined);
  const stack = await starting?.catch(() => undefined);
  await stack?.stop();
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
