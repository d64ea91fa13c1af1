import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/**
 * The anchor of a heading, as GitHub makes it. VitePress makes its own, without `_`: a link to an entry of the runbook by its code
 * would then lead to the top of the page.
 * @param {string} heading
 */
export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .replace(/\s/g, '-');
}

/**
 * The links of the built pages to anchors that are not there.
 * @param {string} folder
 */
export function deadAnchors(folder) {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html'))
    .map((file) => {
      const html = readFileSync(join(folder, file), 'utf8');
      const page = file.replaceAll('\\', '/').replace(/\.html$/, '');
      const [content = ''] = /<main[\s\S]*<\/main>/.exec(html) ?? [];
      const anchors = new Set([...html.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id));
      return { page, anchors, links: [...content.matchAll(/\bhref="([^":]*)#([^"]+)"/g)] };
    });
  const anchorsOf = new Map(pages.map(({ page, anchors }) => [page, anchors]));
  return pages.flatMap(({ page, links }) =>
    links
      .filter(([, path = '', anchor = '']) => {
        const target = path === '' ? page : posix.resolve('/', posix.dirname(page), path).slice(1);
        return !anchorsOf.get(target)?.has(decodeURIComponent(anchor));
      })
      .map(([, path, anchor]) => `${page}: ${path}#${anchor}`),
  );
}
