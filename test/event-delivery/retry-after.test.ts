import { expect, it } from 'vitest';
import { retryAfterMs } from '../../event-delivery/retry-after.ts';

const NOW = Date.parse('2026-01-05T00:00:00Z');

it.each([
  ['seconds', '120', 120_000],
  ['a time', 'Mon, 05 Jan 2026 00:01:00 GMT', 60_000],
  ['a time that is over', 'Sun, 04 Jan 2026 00:00:00 GMT', 0],
  ['nothing', undefined, 0],
  ['an empty text', '', 0],
  ['something else', 'soon', 0],
  ['a negative number', '-5', 0],
])('reads %s', (_, header, expected) => {
  expect(retryAfterMs(header, NOW)).toBe(expected);
});
