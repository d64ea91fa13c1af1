import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readVariables, variables } from '../../config/variables.ts';
import { projectRoot } from '../../dev/project-root.ts';

const defaults: Readonly<Record<string, unknown>> = readVariables({});

it('the document of the configuration has every variable, with its default', () => {
  const rows = readFileSync(join(projectRoot, 'docs/configuration.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  for (const name of Object.keys(variables.shape)) {
    const [, , fallback] = rows.find((row) => row.includes(`\`${name}\``))?.split('|') ?? [];
    expect(fallback, name).toBeDefined();
    const value = defaults[name];
    if (typeof value === 'number' || typeof value === 'string') expect(fallback, name).toContain(`${value}`);
  }
});

/** Every variable, commented out, with its default. */
function envExample(): string {
  const entries = Object.entries(variables.shape).map(([name, { description }]) => {
    expect(description, name).toBeDefined();
    const fallback = defaults[name] ?? '';
    // A list, or what is parsed to more: none of them has a default.
    return `# ${description}\n# ${name}=${typeof fallback === 'object' ? '' : fallback}\n`;
  });
  const introduction = [
    '# Copy this file to .env, set what you need, and start with: set -a; . ./.env; set +a; npm start',
    '# With nothing set everything is embedded. Details: docs/configuration.md',
    '# Generated from config/variables.ts: npx vitest run test/lint/configuration.test.ts -u',
  ].join('\n');
  return [`${introduction}\n`, ...entries].join('\n');
}

it('.env.example has every variable, what it does and its default', async () => {
  await expect(envExample()).toMatchFileSnapshot(join(projectRoot, '.env.example'));
});
