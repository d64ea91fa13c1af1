import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';

const folder = join(projectRoot, 'docs/decisions');
const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const pages = readdirSync(folder).filter((file) => file !== 'README.md');

it.each(pages)('%s has its number, and says context, decision and consequences', (file) => {
  const [, title = ''] = /^# (.+)$/m.exec(read(file)) ?? [];
  expect(title).toMatch(new RegExp(`^${Number(file.slice(0, 3))}\\. \\S`));
  const sections = [...read(file).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(sections).toEqual(['Context', 'Decision', 'Consequences']);
});

it('the index of decisions lists every page under its title, once and in order', () => {
  const titles = pages.map((file) => `- [${/^# (.+)$/m.exec(read(file))?.[1]}](${file})`);
  const listed = read('README.md').match(/^- .+$/gm);
  expect(listed).toEqual(titles);
  expect(new Set(pages.map((file) => file.slice(0, 3))).size).toBe(pages.length);
});
