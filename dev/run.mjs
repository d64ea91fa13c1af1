// The entry of every npm script: installs what is missing, builds what is old, runs the command. Plain JavaScript without
// dependencies, since on a fresh clone there is neither a compiler nor a package.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from './run/build.mjs';
import { install } from './run/install.mjs';
import { buildPackages } from './run/packages.mjs';

const NODE_AT_LEAST = [20, 19];

/** Command → the compiled script that it runs. */
const scripts = {
  start: 'dev/start.js',
  demo: 'dev/demo.js',
  cluster: 'dev/cluster.js',
  temporal: 'dev/temporal.js',
  sandbox: 'dev/sandbox.js',
  worker: 'worker/main.js',
  deployment: 'worker/set-version.js',
  api: 'api/main.js',
  bench: 'bench/main.js',
  verify: 'dev/verify.js',
  fuzz: 'dev/fuzz.js',
  chaos: 'dev/chaos.js',
  histories: 'dev/histories.js',
  docs: 'dev/docs.js',
  screenshots: 'dev/screenshots.js',
  simulate: 'simulation/main.js',
  generate: 'dev/generate.js',
};

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [command = '', ...args] = process.argv.slice(2);
const say = (line) => process.stderr.write(`${line}\n`);

checkNode();
process.chdir(root);
install(root, say);
if (command === 'test') runTests();
else if (command === 'build') await build(root, say);
else if (command === 'packages') await buildPackages(root, say);
else if (command === 'checkout') await runSample('checkout');
else await runScript();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_AT_LEAST[0] || (major === NODE_AT_LEAST[0] && minor >= NODE_AT_LEAST[1])) return;
  fail(`Node ${NODE_AT_LEAST.join('.')} or newer is needed; this is ${process.versions.node}.`);
}

/**
 * Tests run from the sources; those that spawn real processes build by themselves. Without names: all but the long ones, with `--long` those
 * alone. With `--cluster` the end-to-end tests, or those that are named, use Temporal as a cluster runs it: four roles on PostgreSQL.
 */
function runTests() {
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const onCluster = args.includes('--cluster');
  const asked = args.filter((arg) => arg !== '--cluster' && arg !== '--long');
  if (asked.every((arg) => arg.startsWith('-'))) {
    asked.unshift(args.includes('--long') ? '--project=long' : '--project=!long');
    if (onCluster) asked.unshift('test/e2e');
  }
  const env = onCluster ? { ...process.env, TEST_TEMPORAL: 'cluster' } : process.env;
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...asked], { stdio: 'inherit', env });
  process.exitCode = status ?? 1;
}

/** A sample knows nothing of Waybill but its client. */
async function runSample(name) {
  await buildPackages(root, say);
  const server = pathToFileURL(join(root, 'samples', name, 'server.mjs'));
  await import(server.href).catch((error) => fail(described(error)));
}

/** In this very process: Ctrl-C then reaches the script and nothing between. */
async function runScript() {
  if (!(command in scripts))
    fail(
      `Unknown command "${command}". There are: test, build, packages, checkout, ${Object.keys(scripts).join(', ')}.`,
    );
  await build(root, say);
  const script = join(root, 'dist', scripts[command]);
  if (!existsSync(script)) fail(`${command}: ${script} is not there.`);
  process.setSourceMapsEnabled(true);
  process.argv = [process.execPath, script, ...args];
  await import(pathToFileURL(script).href).catch((error) => fail(described(error)));
}

/** What an operator can fix needs no stack trace. */
function described(error) {
  if (error.code === 'EADDRINUSE')
    return `${command.toUpperCase()}_PORT: port ${error.port} is taken by another program.`;
  const isForOperator =
    ['ConfigError', 'PortTaken', 'NoTemporal', 'NoProgram', 'DataInUse', 'UsageError'].includes(error.name) ||
    error.code?.startsWith('ERR_PARSE_ARGS');
  return isForOperator ? error.message : error.stack;
}

function fail(message) {
  say(message);
  process.exit(1);
}
