import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

const read = (file: string) => readFileSync(join(projectRoot, file), 'utf8');
const sections = read('docs/security/threat-model.md').split(/^## /m).slice(1);
const rows = sections.flatMap((section) =>
  [...section.matchAll(/^\| (?!threat|---)(.+?) \| .+ \| (.+) \|$/gm)].map(([, threat = '', test = '']) => [
    threat,
    test,
  ]),
);

it('the threat model has all of STRIDE', () => {
  const titles = sections.map((section) => section.split(':')[0]).slice(0, 6);
  expect(titles.map((title) => title?.charAt(0)).join('')).toBe('STRIDE');
  expect(rows.length).toBeGreaterThan(30);
});

it.each(rows)('against this threat there is a test: %s', (_, test = '') => {
  const [, file = '', name = ''] = /^`(test\/\S+\.test\.ts)` "(.+)"$/.exec(test) ?? [];
  expect(existsSync(join(projectRoot, file)) && file, test).toBe(file);
  expect(name.length, test).toBeGreaterThan(0);
  const isThere = ["'", '"', '`'].some((quote) => read(file).includes(quote + name + quote));
  expect(isThere, `${file} has no test "${name}"`).toBe(true);
});
