import { describe, expect, it } from 'vitest';
import { cacheDirs } from '../../dev/cache-dir.ts';
import { temporalAttempts } from '../../dev/temporal/attempts.ts';
import { type Attempt, firstThatWorks, NoTemporal } from '../../dev/temporal/locate.ts';

function probe(name: string, result: { path: string } | { missing: string }, tried: string[]): Attempt {
  return {
    name,
    find: async () => {
      tried.push(name);
      return result;
    },
  };
}

describe('the way to a Temporal binary', () => {
  it('goes from what costs nothing to what costs minutes', () => {
    expect(temporalAttempts({}, '/home', () => undefined).map(({ name }) => name)).toEqual([
      '`temporal` on the PATH',
      'our cache',
      "the SDK's own download",
      'a build through the Go module proxy',
    ]);
  });

  it('ends at the first that works: what costs more is not begun', async () => {
    const tried: string[] = [];
    const found = await firstThatWorks([
      probe('path', { missing: 'no' }, tried),
      probe('cache', { path: '/cached' }, tried),
      probe('build', { path: '/built' }, tried),
    ]);
    expect(found).toEqual({ path: '/cached', from: 'cache' });
    expect(tried).toEqual(['path', 'cache']);
  });

  it('says what was tried and the three ways out, when there is none', async () => {
    const attempts = [probe('path', { missing: 'not there' }, []), probe('build', { missing: 'no Go' }, [])];
    const error = await firstThatWorks(attempts).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NoTemporal);
    expect(String(error)).toMatch(/path: not there[\s\S]*build: no Go/);
    expect(String(error)).toMatch(/temporal CLI[\s\S]*install Go[\s\S]*TEMPORAL_ADDRESS/i);
  });
});

it('what was built lies in the user’s cache, shared by all clones', () => {
  expect(cacheDirs({ XDG_CACHE_HOME: '/x' }, '/h')).toEqual(['/x/waybill', '/h/cache']);
  expect(cacheDirs({ HOME: '/u' }, '/h')[0]).toBe('/u/.cache/waybill');
});
