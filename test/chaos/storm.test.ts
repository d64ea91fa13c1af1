import { expect, it } from 'vitest';
import { Link } from '../../dev/chaos/link.ts';
import { randomOf } from '../../dev/chaos/random.ts';
import { Sandbox } from '../../dev/chaos/sandbox.ts';
import { planned, turnsOf } from '../../dev/chaos/storm.ts';
import { ManagedProcess } from '../../dev/processes/managed-process.ts';

const SEEDS = Array.from({ length: 100 }, (_, seed) => seed);
const NOWHERE = 'http://127.0.0.1:9';

const CLUSTER = [
  'postgres',
  'temporal-history',
  'temporal-matching',
  'temporal-frontend',
  'worker-1',
  'api-1',
];
const STACK = ['temporal', 'sandbox', 'worker', 'api'];

/** Never started. */
function named(...names: string[]) {
  const processOf = (name: string) =>
    new ManagedProcess({
      ...{ name, logFile: '', supervise: false },
      launch: () => Promise.reject(new Error('It is only planned.')),
      ...{ report: () => undefined, onLine: () => undefined, onGivenUp: () => undefined },
    });
  return Object.fromEntries(names.map((name) => [name, processOf(name)]));
}

/** Each round's faults. */
function plan(system: Parameters<typeof turnsOf>[0], seed: number, rounds: number): string[][] {
  const [random, turns] = [randomOf(seed), turnsOf(system)];
  return Array.from({ length: rounds }, () =>
    planned(system, new Sandbox(NOWHERE), random, turns).map(({ kind }) => kind),
  );
}

it('kills PostgreSQL and three roles of Temporal within two rounds and cuts a link in each, whatever the seed', async () => {
  const link = await Link.to(9);
  const system = { processes: named(...CLUSTER), links: new Map([['temporal-history from postgres', link]]) };
  for (const seed of SEEDS) {
    const rounds = plan(system, seed, 2);
    const firstFour = CLUSTER.slice(0, 4).map((name) => `kill ${name}`);
    expect(rounds.flat(), `seed ${seed}`).toEqual(expect.arrayContaining(firstFour));
    for (const faults of rounds) expect(faults).toContain('cut temporal-history from postgres');
  }
  await link.close();
});

it('kills each process of `npm start` within two rounds, whatever the seed, and cuts nothing', () => {
  const system = { processes: named(...STACK), links: new Map() };
  for (const seed of SEEDS) {
    const faults = plan(system, seed, 2).flat();
    expect(faults, `seed ${seed}`).toEqual(expect.arrayContaining(STACK.map((name) => `kill ${name}`)));
    expect(faults.filter((kind) => kind.startsWith('cut '))).toEqual([]);
  }
});

it('hurts every process before it hurts one again, and stops some once each was killed', () => {
  const system = { processes: named(...STACK), links: new Map() };
  const ofProcesses = plan(system, 1, 20)
    .flat()
    .filter((kind) => !kind.startsWith('stripe '));
  const names = ofProcesses.map((kind) => kind.split(' ')[1]);
  expect(names).toEqual(names.map((_, n) => STACK[n % STACK.length]));
  expect(ofProcesses.slice(0, STACK.length)).toEqual(STACK.map((name) => `kill ${name}`));
  expect(ofProcesses.some((kind) => kind.startsWith('stop '))).toBe(true);
});
