import type { World } from '../control/world.ts';
import type { Answer } from '../http/answers.ts';
import { matchPath } from '../http/route.ts';
import { authenticationPages } from './authentication.ts';
import { consentPages } from './consent.ts';
import { dashboardPages } from './dashboard.ts';
import { onboardingPages } from './onboarding.ts';
import type { Page } from './page.ts';

/** What people see in a browser; everything else under other paths is Stripe's API. */
const PAGES: readonly Page[] = [
  ...authenticationPages,
  ...consentPages,
  ...dashboardPages,
  ...onboardingPages,
];

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
    return one.show(world, {
      ids,
      query: new URLSearchParams(query),
      form: new URLSearchParams(method === 'POST' ? body : ''),
    });
  }
  return undefined;
}
