import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { brokenRuleOfUrl, isLoopback, rangeOf } from '../http/web-url.ts';

/**
 * Why events cannot be sent there, as far as the URL itself shows; null: they can. What its name resolves to is looked at
 * with every delivery (event-delivery/post.ts).
 */
export function refusalOfUrl(given: string, allowLoopback: boolean): Problem | null {
  const refuse = (detail: string) => problem('invalid_request', detail, { param: 'url' });
  const broken = brokenRuleOfUrl(given, allowLoopback);
  if (broken) return refuse(`url ${broken}.`);
  if (new URL(given).hash !== '') return refuse('url must not have a fragment.');
  if (isLoopback(given) && allowLoopback) return null;
  const range = rangeOf(given);
  if (isLoopback(given) || (range !== null && range !== 'unicast')) {
    return refuse('url must not point to a private, link-local or otherwise special address.');
  }
  return null;
}
