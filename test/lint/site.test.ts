import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../dev/project-root.ts';
import { leavesSite } from '../../docs/.vitepress/outside-links.mjs';

const DOCS = join(projectRoot, 'docs');
const config = readFileSync(join(DOCS, '.vitepress', 'config.mjs'), 'utf8');
const links = [...config.matchAll(/page\('[^']+', '\/([^']+)'\)/g)].map(([, link = '']) => link);
const fileOf = (link: string) => (link.endsWith('.html') ? `public/${link}` : `${link}.md`);

it('the site links to pages that exist', () => {
  expect(links.length).toBeGreaterThan(15);
  expect(links.filter((link) => !existsSync(join(DOCS, fileOf(link))))).toEqual([]);
});

it('every document and guide is in the sidebar of the site', () => {
  const documents = ['', 'guides/'].flatMap((folder) =>
    readdirSync(join(DOCS, folder))
      .filter((file) => file.endsWith('.md') && file !== 'index.md')
      .map((file) => `${folder}${file}`),
  );
  expect(documents.length).toBeGreaterThan(10);
  expect(documents.filter((file) => !links.some((link) => fileOf(link) === file))).toEqual([]);
});

it('every picture in HTML is named from its page on: the build takes another name for that of a package', () => {
  const pages = ['', 'guides', 'deploy'].flatMap((folder) =>
    readdirSync(join(DOCS, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(DOCS, folder, file)),
  );
  const pictures = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/<img src="([^"]+)"/g)].map(([, source = '']) => ({
      page,
      source,
    })),
  );
  expect(pictures.length).toBeGreaterThan(2);
  expect(pictures.filter(({ source }) => !/^\.\.?\//.test(source))).toEqual([]);
  expect(pictures.filter(({ page, source }) => !existsSync(join(dirname(page), source)))).toEqual([]);
});

it.each([
  ['api.md', '../client/README.md', true],
  ['guides/checkout.md', '../../samples/checkout/server.mjs', true],
  ['guides/checkout.md', '../api.md#3-d-secure', false],
  ['api.md', 'guides/refunds.md', false],
  ['api.md', '#orders', false],
  ['index.md', '/reference.html', false],
  ['api.md', 'https://docs.stripe.com/api', false],
])('on the site, %s links to %s outside of it: %s', (page, link, isOutside) => {
  expect(leavesSite(page, link)).toBe(isOutside);
});
