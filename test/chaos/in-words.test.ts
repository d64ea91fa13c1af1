import { expect, it } from 'vitest';
import { inWords } from '../../dev/chaos/in-words.ts';

it('gives back what a check found, and why one came to no end', async () => {
  expect(await inWords(async () => [])).toEqual([]);
  expect(await inWords(async () => ['o shows captured'])).toEqual(['o shows captured']);
  const waited = 'Waited 180 s in vain: GET /v1/orders/o. Unfinished: 500';
  expect(await inWords(() => Promise.reject(new Error(waited)))).toEqual([waited]);
});
