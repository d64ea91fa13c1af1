import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { hunt, loadMutant } from '../../simulation/hunt.ts';
import { MUTANTS } from '../../simulation/mutants.ts';
import { shrink } from '../../simulation/shrink.ts';

/** Found within a few seeds; `npm run simulate -- --mutants` looks for all. */
const SOON_FOUND = [
  'the idempotency key changes with each attempt',
  'a lost connection is taken for a refusal',
  'money is refunded before that is durable',
  'a refund is counted twice',
  'a workflow looks at the real time',
];
const SEEDS_MAX = 60;

function mutant(name: string) {
  const found = MUTANTS.find((one) => one.name === name);
  if (!found) throw new Error(`no mutant "${name}"`);
  return found;
}

describe('a copy of Waybill that is broken in one place', () => {
  it.each(MUTANTS)('exists where $name: what it changes stands there once', ({ file, from, to }) => {
    const code = readFileSync(join(projectRoot, file), 'utf8');
    expect(code.split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
  });

  it.each(SOON_FOUND)('is noticed where %s', async (name) => {
    const { seed, violation } = await hunt(mutant(name), SEEDS_MAX);
    expect(seed, violation ?? 'not found').not.toBeNull();
  });
});

describe('a failing seed', () => {
  it('shrinks to the deeds and faults that it needs, and no more', async () => {
    const { simulate, simulateScript, close } = await loadMutant(
      mutant('the idempotency key changes with each attempt'),
    );
    try {
      let failing = await simulate(1);
      for (let seed = 2; failing.violation === null && seed <= SEEDS_MAX; seed++)
        failing = await simulate(seed);
      const rerun = async (script: typeof failing.script) => (await simulateScript(script)).violation;
      const script = await shrink(failing, rerun);
      expect(await rerun(script)).not.toBeNull();
      expect(script.faults.length).toBeLessThan(failing.script.faults.length);
      for (const fault of script.faults) {
        const without = { ...script, faults: script.faults.filter((one) => one !== fault) };
        expect(await rerun(without), `it needs no ${fault}`).toBeNull();
      }
    } finally {
      close();
    }
  });
});
