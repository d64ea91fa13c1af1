import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess } from '../processes/managed-process.ts';
import type { Link } from './link.ts';
import type { Random } from './random.ts';
import { between, pick } from './random.ts';
import type { Sandbox } from './sandbox.ts';
import type { System } from './system.ts';

const STORM_MS = 12_000;
const FAULTS_MIN = 4;
const FAULTS_MAX = 7;
const DOWN_MS_MAX = 5_000;
const KILLED_SHARE = 0.7;
const BACK_WITHIN_MS = 120_000;
/** Longer than the retry budget of the drill: what waits needs attention by then. */
const OUTAGE_MS = 9_000;

/** What Stripe does wrong. `times`: to how many requests. */
const STRIPE_FAULTS = {
  outage: { times: 'always', effect: { drop: true } },
  key_revoked: {
    times: 'always',
    effect: { status: 401, error: { type: 'invalid_request_error', message: 'Invalid API Key provided.' } },
  },
  answers_lost: { times: 8, effect: { drop: true, when: 'after' } },
  fails_before: { times: 8, effect: { error: 'server_error', when: 'before' } },
  fails_after: { times: 5, effect: { error: 'server_error', when: 'after' } },
  rate_limited: { times: 15, effect: { error: 'rate_limit' } },
  slow: { times: 15, effect: { delay_ms: 2_000, when: 'after' } },
} as const;

export interface Fault {
  readonly kind: string;
  readonly afterMs: number;
  /** Does it, and returns once it is over. */
  readonly run: () => Promise<void>;
}

export interface Storm {
  readonly faults: readonly string[];
  /** Processes that run anew: killed, or dead of what happened to another. */
  readonly restarts: number;
}

/** Whose turn it is: each is hurt before one is hurt again. */
export interface Turns {
  /** Names. */
  readonly processes: string[];
  readonly links: string[];
  /** Processes that had a turn. */
  readonly hurt: Set<string>;
}

export function turnsOf({ processes, links }: Pick<System, 'processes' | 'links'>): Turns {
  return { processes: Object.keys(processes), links: [...links.keys()], hurt: new Set() };
}

/**
 * Faults one beside the other for some seconds, as the seed has it: processes are killed and started again or stopped and continued,
 * ways between them are cut, Stripe is away, fails, loses answers, or refuses the key. Returns once every process answers again and Stripe works.
 */
export async function storm(system: System, sandbox: Sandbox, random: Random, turns: Turns): Promise<Storm> {
  const faults = planned(system, sandbox, random, turns);
  const processes = Object.values(system.processes);
  const pidsBefore = processes.map(({ pid }) => pid);
  await Promise.all(
    faults.map(async ({ afterMs, run }) => {
      await sleep(afterMs);
      await run();
    }),
  );
  // One may have died of what happened to another.
  for (const process of processes) await untilDone(() => startIfDead(process));
  await untilDone(() => sandbox.clearFaults());
  const restarts = processes.filter(({ pid }, n) => pid !== pidsBefore[n]).length;
  return { faults: faults.map(({ kind }) => kind), restarts };
}

/** Faults of Stripe and of processes in turn, and where there are links, one of them is cut. The first turn of a process is a kill. */
export function planned(
  { processes, links }: Pick<System, 'processes' | 'links'>,
  sandbox: Sandbox,
  random: Random,
  turns: Turns,
): Fault[] {
  const ofStripe = Object.keys(STRIPE_FAULTS) as [keyof typeof STRIPE_FAULTS];
  const count = Math.min(between(random, FAULTS_MIN, FAULTS_MAX), 2 * turns.processes.length);
  const beginsAfterMs = () => Math.floor(random() * (STORM_MS - OUTAGE_MS));
  const faults = Array.from({ length: count }, (_, n) => {
    const afterMs = beginsAfterMs();
    const downMs = Math.floor(random() * DOWN_MS_MAX);
    const isKilled = random() < KILLED_SHARE;
    const kind = pick(random, ofStripe);
    if (n % 2 === 0) return { kind: `stripe ${kind}`, afterMs, run: () => stripeFault(sandbox, kind) };
    const [part, process] = next(turns.processes, (name) => processes[name]);
    const isFirst = !turns.hurt.has(part);
    turns.hurt.add(part);
    return isFirst || isKilled
      ? { kind: `kill ${part}`, afterMs, run: () => killAndStart(process, downMs) }
      : { kind: `stop ${part}`, afterMs, run: () => stopAndContinue(process, downMs) };
  });
  if (links.size === 0) return faults;
  const [ends, link] = next(turns.links, (name) => links.get(name));
  return [...faults, { kind: `cut ${ends}`, afterMs: beginsAfterMs(), run: () => cutAndMend(link) }];
}

/** Whose turn it is; it comes to the end of the queue. */
function next<Hurt>(queue: string[], find: (name: string) => Hurt | undefined): [string, Hurt] {
  const name = queue.shift() ?? '';
  queue.push(name);
  const hurt = find(name);
  if (hurt === undefined) throw new Error(`There is no ${name}.`);
  return [name, hurt];
}

async function cutAndMend(link: Link): Promise<void> {
  link.cut();
  await sleep(OUTAGE_MS);
  link.mend();
}

async function stripeFault(sandbox: Sandbox, kind: keyof typeof STRIPE_FAULTS): Promise<void> {
  const { times, effect } = STRIPE_FAULTS[kind];
  // A sandbox that is down at this moment does nothing worse.
  await sandbox.addFault({ path: '/v1/*', times }, effect).catch(() => undefined);
  await sleep(OUTAGE_MS);
}

async function killAndStart(process: ManagedProcess, downMs: number): Promise<void> {
  await process.kill('SIGKILL');
  await sleep(downMs);
  await untilDone(() => startIfDead(process));
}

async function stopAndContinue({ pid }: ManagedProcess, stoppedMs: number): Promise<void> {
  if (pid === undefined) return;
  process.kill(pid, 'SIGSTOP');
  await sleep(stoppedMs);
  process.kill(pid, 'SIGCONT');
}

async function startIfDead(process: ManagedProcess): Promise<void> {
  if (process.pid === undefined) await process.start();
}

/** What it needs may be down itself, and come back. */
async function untilDone(work: () => Promise<void>): Promise<void> {
  for (const deadline = performance.now() + BACK_WITHIN_MS; ; ) {
    try {
      return await work();
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(1_000);
    }
  }
}
