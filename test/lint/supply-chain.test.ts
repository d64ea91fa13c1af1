import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

const json = (file: string) => JSON.parse(readFileSync(join(projectRoot, file), 'utf8'));
const EXACT = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

it('every package that is installed has an exact version and the hash of its content', () => {
  const { packages } = json('package-lock.json');
  const installed = Object.entries<{ version?: string; integrity?: string; link?: boolean }>(packages).filter(
    ([path, { link }]) => path.includes('node_modules/') && !link,
  );
  expect(installed.length).toBeGreaterThan(200);
  const loose = installed.filter(
    ([, { version = '', integrity = '' }]) => !EXACT.test(version) || !integrity.startsWith('sha512-'),
  );
  expect(loose.map(([path]) => path)).toEqual([]);
});

it.each(['package.json', 'client/package.json', 'cli/package.json', 'docs/package.json'])(
  '%s asks for exact versions only',
  (file) => {
    const { dependencies = {}, devDependencies = {} } = json(file);
    const asked = Object.entries<string>({ ...dependencies, ...devDependencies });
    expect(asked.filter(([, version]) => !EXACT.test(version))).toEqual([]);
  },
);
