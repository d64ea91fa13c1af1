import { posix } from 'node:path';

/**
 * Whether a link of a page leads out of docs/, to a file of the repository that is no page of the site.
 * @param {string} page
 * @param {string} link
 */
export function leavesSite(page, link) {
  if (/^[a-z]+:|^[#/]/i.test(link)) return false;
  return posix.join(posix.dirname(page), link).startsWith('../');
}

/** For markdown-it: such a link is shown as its text alone. On GitHub it works. */
export function withoutOutsideLinks(md) {
  md.core.ruler.push('without_outside_links', ({ tokens, env }) => {
    for (const token of tokens) {
      let isOutside = false;
      token.children =
        token.children?.filter(({ type, attrs }) => {
          if (type === 'link_open') {
            const [, link = ''] = attrs?.find(([name]) => name === 'href') ?? [];
            isOutside = leavesSite(env.relativePath, link);
            return !isOutside;
          }
          return !(type === 'link_close' && isOutside);
        }) ?? null;
    }
  });
}
