import querystring from 'node:querystring';
import type { Request } from 'express';
import { hasCardNumber } from '../../domain/texts/card-numbers.ts';

/** Characters; none of the API's is longer. */
const PATH_MAX = 1_000;

/**
 * A request's path as logs and answers may have it: as it is routed, whatever its sender wrote around it, without its query, and without a card
 * number that somebody sent in place of an id. For what runs before any router: below one the path lacks its beginning.
 */
export function shownPath({ path }: Pick<Request, 'path'>): string {
  const parts = path
    .split('/')
    .map((part) => (hasCardNumber(querystring.unescape(part)) ? '(card-number)' : part));
  const shown = parts.join('/');
  return shown.length > PATH_MAX ? `${shown.slice(0, PATH_MAX)}…` : shown;
}
