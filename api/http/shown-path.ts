import querystring from 'node:querystring';
import type { Request } from 'express';
import { hasCardNumber } from '../../domain/texts/card-numbers.ts';

/**
 * A request's path as logs and answers may have it: as it is routed, whatever its sender wrote around it, without its query, and without a card
 * number that somebody sent in place of an id. For what runs before any router: below one the path lacks its beginning.
 */
export function shownPath({ path }: Pick<Request, 'path'>): string {
  const parts = path
    .split('/')
    .map((part) => (hasCardNumber(querystring.unescape(part)) ? '(card-number)' : part));
  return parts.join('/');
}
