import { InvalidArgumentError } from 'commander';

/** Of an option that is given once for each pair: `cart=4711`. */
export function pairs(given: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = given.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('key=value.');
  return { ...before, [given.slice(0, at)]: given.slice(at + 1) };
}
