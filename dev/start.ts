import { type Stack, startStack } from './stack.ts';
import { banner } from './start/banner.ts';
import { ImportantLines } from './start/important-lines.ts';
import { startOptions } from './start/options.ts';
import { untilStopped } from './until-stopped.ts';

const { fresh } = startOptions(process.argv.slice(2));
const startedMs = performance.now();
const important = new ImportantLines(console.error);
let giveUp: (why: string) => void = () => undefined;
const givenUp = new Promise<string>((resolve) => {
  giveUp = resolve;
});

const stack = await startStack({
  ports: 'configured',
  fresh,
  supervise: true,
  report: console.log,
  onLine: (part, line) => important.add(part, line, performance.now()),
  onGivenUp: giveUp,
});
console.log(await banner(stack, performance.now() - startedMs));

const why = await Promise.race([untilStopped().then(() => undefined), givenUp]);
await end(stack, why);

async function end(running: Stack, trouble: string | undefined): Promise<void> {
  console.log(trouble ? `\n${trouble}. Stopping everything …` : '\nStopping … (once more to force it)');
  await running.stop();
  console.log('Stopped. The next `npm start` finds the same orders again.');
  process.exit(trouble ? 1 : 0);
}
