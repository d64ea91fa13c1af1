import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What axe finds wrong with a page, or with its part, as it is now. */
export async function violations(page: Page, part = 'html'): Promise<string[]> {
  // Not as a script element: the console's policy would refuse it, as it should.
  await page.evaluate(axe.source);
  return page.evaluate(async (selector) => {
    const { axe: run } = globalThis as unknown as { axe: typeof axe };
    const { violations: found } = await run.run(selector);
    return found.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`));
  }, part);
}
