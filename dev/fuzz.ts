import { fuzz, schemathesisPython } from './schemathesis/fuzz.ts';
import { fuzzOptions } from './schemathesis/options.ts';
import { startStack } from './stack.ts';

/** `npm run fuzz -- --minutes 10 --seed 7`: the API against its own OpenAPI document, for longer than a test may take. */
const { minutes, seed } = fuzzOptions(process.argv.slice(2));

const stack = await startStack({ report: (line) => console.error(line) });
try {
  const python = await schemathesisPython(process.env, stack.config.home);
  if ('missing' in python) throw new Error(`schemathesis cannot be installed: ${python.missing}`);
  console.log(`Seed ${seed}`);
  const run = await fuzz({
    python: python.path,
    apiUrl: stack.urls.api,
    apiKey: 'dev_ops',
    seconds: minutes * 60,
    examplesPerOperation: 100,
    seed,
    onLine: (line) => console.log(line),
  });
  process.exitCode = run.ok ? 0 : 1;
} finally {
  await stack.stop();
}
