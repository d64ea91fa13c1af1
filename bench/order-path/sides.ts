import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { projectRoot } from '../../dev/project-root.ts';
import type { Stack, StackOptions } from '../../dev/stack.ts';
import { startStack } from '../../dev/stack.ts';
import { bareOrder } from './bare-orders.ts';
import { waybillOrder } from './waybill-orders.ts';

/** One of those that are compared: it carries an order, by these processes. */
export interface Side {
  readonly name: string;
  readonly order: () => Promise<unknown>;
  /** Process ids by part. The sandbox stands for Stripe, and the caller is this process: they are reported, not counted. */
  readonly pids: Readonly<Partial<Record<'temporal' | 'worker' | 'api' | 'sandbox' | 'caller', number>>>;
}

export interface Wanted {
  /** Another checkout of Waybill, built, to be compared with this one. */
  readonly against?: string | undefined;
  /** Each `NAME=value`: this checkout again, with that in its environment. */
  readonly env?: readonly string[] | undefined;
  readonly progress: (line: string) => void;
}

/** The bare workflow, this checkout, and what else is wanted; each Waybill with a Temporal server of its own. */
export async function startSides(wanted: Wanted): Promise<{ sides: Side[]; stop: () => Promise<void> }> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each();
  };
  const waybill = async (name: string, start: typeof startStack, env: StackOptions['env'] = {}) => {
    const stack = await start({
      fresh: true,
      env: { LOG_LEVEL: 'warn', ...env },
      report: (line) => wanted.progress(`${name}: ${line}`),
    });
    stops.push(() => stack.stop());
    return { stack, side: { name, order: () => waybillOrder(stack.urls.api), pids: pidsOf(stack) } };
  };
  try {
    const own = await waybill('waybill', startStack);
    const sides: Side[] = [await bareSide(own.stack, stops), own.side];
    if (wanted.against !== undefined) {
      const other = await import(pathToFileURL(join(wanted.against, 'dist', 'dev', 'stack.js')).href);
      sides.push((await waybill('against', other.startStack)).side);
    }
    for (const env of wanted.env ?? []) {
      const end = env.indexOf('=');
      const [name, value] = [env.slice(0, end), env.slice(end + 1)];
      sides.push((await waybill(env, startStack, { [name]: value })).side);
    }
    return { sides, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function pidsOf({ processes }: Stack): Side['pids'] {
  const pid = (part: keyof Stack['processes']) => processes[part].pid ?? 0;
  return {
    temporal: pid('temporal'),
    worker: pid('worker'),
    api: pid('api'),
    sandbox: pid('sandbox'),
    caller: process.pid,
  };
}

async function bareSide({ config, processes }: Stack, stops: (() => Promise<void>)[]): Promise<Side> {
  const { address, namespace } = config.temporal;
  const connection = await Connection.connect({ address });
  stops.push(() => connection.close());
  const worker = await startBareWorker(address);
  stops.push(async () => void worker.kill('SIGTERM'));
  const client = new Client({ connection, namespace });
  return {
    name: 'bare',
    order: () => bareOrder(client),
    pids: { temporal: processes.temporal.pid ?? 0, worker: worker.pid ?? 0, caller: process.pid },
  };
}

export async function startBareWorker(address: string, env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  const script = join(projectRoot, 'dist', 'bench', 'order-path', 'bare-worker.js');
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...env, TEMPORAL_ADDRESS: address },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`the bare worker ended with ${code}`))),
  ]);
  return child;
}
