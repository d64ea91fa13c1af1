import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readVariables } from '../../config/variables.ts';
import { projectRoot } from '../../dev/project-root.ts';

it('the document of the configuration has every variable, with its default', () => {
  const rows = readFileSync(join(projectRoot, 'docs/configuration.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  const source = readFileSync(join(projectRoot, 'config/variables.ts'), 'utf8');
  const names = [...source.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name);
  const defaults: Readonly<Record<string, unknown>> = readVariables({});
  expect(names.length).toBeGreaterThan(25);
  for (const name of names) {
    const [, , fallback] = rows.find((row) => row.includes(`\`${name}\``))?.split('|') ?? [];
    expect(fallback, name).toBeDefined();
    const value = defaults[name];
    if (typeof value === 'number' || typeof value === 'string') expect(fallback, name).toContain(`${value}`);
  }
});
