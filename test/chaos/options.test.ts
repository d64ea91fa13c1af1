import { expect, it } from 'vitest';
import { chaosOptions } from '../../dev/chaos/options.ts';
import { randomOf } from '../../dev/chaos/random.ts';

it('takes the short form where nothing is said', () => {
  expect(chaosOptions([])).toEqual({ orders: 40, seed: 1, cluster: false });
  expect(chaosOptions(['--orders', '10000', '--seed', '7', '--cluster'])).toEqual({
    orders: 10_000,
    seed: 7,
    cluster: true,
  });
});

it.each([['--orders=0'], ['--orders=many'], ['--seed=-1'], ['--order']])(
  'says what there is for %s',
  (arg) => {
    expect(() => chaosOptions([arg])).toThrow('npm run chaos');
  },
);

it('draws the same numbers for the same seed', () => {
  const drawn = (seed: number) => Array.from({ length: 5 }, randomOf(seed));
  expect(drawn(7)).toEqual(drawn(7));
  expect(drawn(7)).not.toEqual(drawn(8));
  for (const number of drawn(7)) expect(number).toSatisfy((one: number) => one >= 0 && one < 1);
});
