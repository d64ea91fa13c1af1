import { hasCardNumber } from '../../domain/texts/card-numbers.ts';

/** A request's path as logs and answers may have it: without its query, and without a card number that somebody sent in place of an id. */
export function shownPath(url: string): string {
  const [path = ''] = url.split('?');
  const parts = path.split('/').map((part) => (hasCardNumber(part) ? '(card-number)' : part));
  return parts.join('/');
}
