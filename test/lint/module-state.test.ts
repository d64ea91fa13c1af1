import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

/** Top-level variables, and top-level collections that are empty at first. */
const STATE =
  /^(export )?(let|var) |^(export )?const \w+(: [^=]+)? = (new (Map|Set|WeakMap|WeakSet)(<.*>)?\(\)|\[\]|\{\});/;

it('workflow code keeps no state in its modules: a worker loads them once for all its workflows', () => {
  const files = ['contract', 'domain', 'workflows'].flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => name.endsWith('.ts')),
  );
  const state = files.flatMap((file) =>
    readFileSync(join(projectRoot, file), 'utf8')
      .split('\n')
      .filter((line) => STATE.test(line))
      .map((line) => `${file}: ${line}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(state).toEqual([]);
  expect(STATE.test('const seen = new Map<string, number>();')).toBe(true);
});
