import { keyFrom } from './auth.ts';

/** What Stripe.js calls from a shop's page (`publishable.ts` says what of it is allowed). */
const OF_PAGES = /^\/v1\/(payment_methods|tokens|payment_intents\/[^/]+(\/confirm)?)$/;

const PREFLIGHT_VALID_SECONDS = '600';

/** Headers that let any page read the answer to a call with a publishable key; a secret key is no page's. */
export function answerToPages(
  path: string,
  {
    origin,
    authorization,
  }: { readonly origin: string | undefined; readonly authorization: string | undefined },
): Record<string, string> {
  const isPages = origin !== undefined && OF_PAGES.test(path) && keyFrom(authorization)?.startsWith('pk_');
  return isPages ? { 'Access-Control-Allow-Origin': '*' } : {};
}

/** The answer to a browser that asks first; null: it may not. */
export function preflight(method: string, path: string): Record<string, string> | null {
  if (method !== 'OPTIONS' || !OF_PAGES.test(path)) return null;
  return {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Methods': 'GET, POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
    'Access-Control-Max-Age': PREFLIGHT_VALID_SECONDS,
  };
}
