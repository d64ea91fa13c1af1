import type { World } from '../control/world.ts';
import type { Answer } from '../http/answers.ts';
import { matchPath } from '../http/route.ts';
import { authenticationPages } from './authentication.ts';
import { consentPages } from './consent.ts';
import { csrfField, isFromPage } from './csrf.ts';
import { dashboardPages } from './dashboard.ts';
import { htmlPage } from './html.ts';
import { onboardingPages } from './onboarding.ts';
import type { Page } from './page.ts';

/** What people see in a browser; everything else under other paths is Stripe's API. */
const PAGES: readonly Page[] = [
  ...authenticationPages,
  ...consentPages,
  ...dashboardPages,
  ...onboardingPages,
];

const STALE = htmlPage(
  'This form is out of date',
  '<p>Go back, load its page again and send it from there.</p>',
  403,
);

/** Whether people see this path in a browser. */
export function isPage(path: string): boolean {
  return PAGES.some((one) => matchPath(one.path, path) !== undefined);
}

/** The answer of the page at this path, if there is one. */
export function page(
  world: World,
  method: string,
  path: string,
  query: string,
  body: string,
): Answer | undefined {
  for (const one of PAGES) {
    if (one.method !== method) continue;
    const ids = matchPath(one.path, path);
    if (!ids) continue;
    const form = new URLSearchParams(method === 'POST' ? body : '');
    if (method === 'POST' && !isFromPage(world, path, query, form)) return STALE;
    return one.show(world, {
      ids,
      query: new URLSearchParams(query),
      form,
      csrfField: csrfField(world, path, query),
    });
  }
  return undefined;
}
