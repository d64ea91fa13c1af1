/**
 * Stripe's own mock server, `stripe-mock`: stateless, but it refuses every request that breaks Stripe's OpenAPI
 * description. `dev/stripe-mock/go.mod` pins its version; here it is built once and started on a free port.
 */
import { execFile, execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const MODULE = 'github.com/stripe/stripe-mock';
const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PIN = join(PROJECT, 'dev', 'stripe-mock');
const GO_MINOR_MIN = 24; // the first Go that knows `tool` lines in go.mod
const LAST_LINES_MAX = 20;

export interface StripeMock {
  readonly host: string;
  readonly port: number;
  stop(): Promise<void>;
}

export interface StripeMockModule {
  readonly version: string;
  /** Where Go keeps the module's sources, the OpenAPI description among them. */
  readonly dir: string;
}

/** Why nothing here can work on this machine, or undefined when it can: for `needs`. */
export const noGo: string | undefined = whyNoGo();

function whyNoGo(): string | undefined {
  let version: string;
  try {
    version = execFileSync('go', ['env', 'GOVERSION'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return 'Go is not on PATH';
  }
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1]);
  if (minor >= GO_MINOR_MIN) return undefined;
  return `Go 1.${GO_MINOR_MIN} or newer is needed, this is ${version.trim()}`;
}

async function go(...args: string[]): Promise<string> {
  if (noGo !== undefined) throw new Error(`stripe-mock can't be used: ${noGo}.`);
  try {
    // GOFLAGS of the machine could change how modules are found; GOWORK could shadow the pin.
    const env = { ...process.env, GOFLAGS: '-mod=readonly', GOWORK: 'off' };
    const { stdout } = await promisify(execFile)('go', args, { cwd: PIN, env });
    return stdout;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
    throw new Error(`\`go ${args.join(' ')}\` failed in dev/stripe-mock:\n${said}`);
  }
}

/** The pinned module in Go's module cache; downloaded, with its checksum verified, when it isn't there. */
export async function stripeMockModule(): Promise<StripeMockModule> {
  const [version, dir] = (await go('list', '-m', '-f', '{{.Version}} {{.Dir}}', MODULE)).trim().split(' ');
  if (version === undefined) throw new Error(`dev/stripe-mock/go.mod doesn't pin ${MODULE}.`);
  if (dir !== undefined && existsSync(dir)) return { version, dir };

  process.stderr.write(`Downloading ${MODULE} ${version} (Stripe's OpenAPI description), once ...\n`);
  const downloaded = JSON.parse(await go('mod', 'download', '-json', MODULE)) as { Dir: string };
  return { version, dir: downloaded.Dir };
}

async function stripeMockBinary(): Promise<string> {
  const { version } = await stripeMockModule();
  const cache = join(process.env.WAYBILL_HOME ?? join(PROJECT, '.waybill'), 'cache');
  const binary = join(cache, `stripe-mock-${version}-${process.platform}-${process.arch}`);
  if (existsSync(binary)) return binary;

  process.stderr.write(`Building stripe-mock ${version}, once (some seconds) ...\n`);
  await mkdir(cache, { recursive: true });
  // Test files run side by side: each builds under its own name, and the last rename wins.
  const unfinished = `${binary}.${process.pid}`;
  await go('build', '-o', unfinished, MODULE);
  await rename(unfinished, binary);
  return binary;
}

export async function startStripeMock(): Promise<StripeMock> {
  const binary = await stripeMockBinary();
  const child = spawn(binary, ['-http-addr', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const lastLines: string[] = [];
  const address = new Promise<string>((resolve, reject) => {
    // Both streams are read to their end: a full pipe would stop the server in the middle of a request.
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lastLines.push(line);
        if (lastLines.length > LAST_LINES_MAX) lastLines.shift();
        const listening = /^Listening for HTTP at address: (.+)$/.exec(line)?.[1];
        if (listening !== undefined) resolve(listening);
      });
    }
    child.once('error', reject);
    void exited.then(() => reject(new Error(`stripe-mock ended at once:\n${lastLines.join('\n')}`)));
  });

  const stop = async () => {
    process.removeListener('exit', killWithUs);
    child.kill('SIGTERM');
    await exited;
  };
  try {
    const { hostname, port } = new URL(`http://${await address}`);
    return { host: hostname, port: Number(port), stop };
  } catch (error) {
    process.removeListener('exit', killWithUs);
    throw error;
  }
}
