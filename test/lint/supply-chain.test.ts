import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

const text = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const json = (file: string) => JSON.parse(text(file));
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

it.each(['.npmrc', 'docs/.npmrc'])(
  'no package runs a script of its own when it is installed by %s',
  (file) => {
    expect(text(file).split('\n')).toContain('ignore-scripts=true');
  },
);

it('the image is installed by .npmrc too', () => {
  const [copied = ''] = text('Dockerfile').split('RUN npm ci');
  expect(copied).toMatch(/^COPY .* \.npmrc /m);
});

/** A new one here may be in need of its script, which npm does not run. */
it.each([
  // Looks for its program, and installs a slower one where it finds none.
  ['package-lock.json', ['@swc/core', 'protobufjs']],
  // Puts its program where a start is quicker.
  ['docs/package-lock.json', ['esbuild']],
])('the packages of %s that have such a script work without it', (file, known) => {
  const packages = Object.entries<{ hasInstallScript?: boolean }>(json(file).packages);
  const names = packages.flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript ? [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)] : [],
  );
  expect([...new Set(names)].sort()).toEqual(known);
});
