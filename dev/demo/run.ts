import { PARTS } from '../processes/parts.ts';
import { type Stack, startStack } from '../stack.ts';
import { untilStopped } from '../until-stopped.ts';
import { brokenOff, document } from './document.ts';
import { type DemoOptions, demoOptions } from './options.ts';
import { report, whereToLook } from './report.ts';
import { takeTour } from './tour.ts';

const INTERRUPTED = 130;
/** Half a minute, as by default, would be a long wait for whoever watches. */
const SYNC_SECONDS = 2;

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
  const stopRequested = untilStopped();
  const over = new AbortController();
  let starting: Promise<Stack> | undefined;
  const touring = takeTour((tell) => {
    starting = startStack({ report: tell, env: { WAYBILL_SYNC_SECONDS: String(SYNC_SECONDS) } });
    return starting;
  }, over.signal);
  try {
    const tour = await Promise.race([touring, stopRequested]);
    if (!tour) {
      over.abort(new Error('interrupted'));
      return INTERRUPTED;
    }
    console.log(json ? document(tour, tookMs()) : report(tour, tookMs()));
    if (!once && starting !== undefined) {
      console.log(whereToLook((await starting).urls));
      await stopRequested;
    }
    return tour.ok ? 0 : 1;
  } catch (error) {
    if (json) console.log(brokenOff(messageOf(error), tookMs()));
    throw error;
  } finally {
    const stack = await starting?.catch(() => undefined);
    // Nobody waits for answers, and the data goes away: no part has anything to finish.
    if (over.signal.aborted) await Promise.all(PARTS.map((part) => stack?.processes[part].kill()));
    await stack?.stop();
    // A tour that was cut short fails, its world taken away under its feet; then its view gives the terminal back.
    await touring.catch(() => undefined);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
