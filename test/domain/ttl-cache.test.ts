import { describe, expect, it } from 'vitest';
import { TtlCache } from '../../domain/ttl-cache.ts';

describe('a cache for a moment', () => {
  it('gives what it was given until its time is over', () => {
    let now = 1_000;
    const cache = new TtlCache<string>({ ttlMs: 50, max: 2 }, () => now);
    cache.set('a', 'first');
    now += 49;
    expect(cache.get('a')).toBe('first');
    now += 1;
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', 'second');
    expect(cache.get('a')).toBe('second');
    cache.delete('a');
    expect(cache.get('a')).toBeUndefined();
  });

  it('lets the oldest go once it is full; what is set again is the newest', () => {
    const cache = new TtlCache<number>({ ttlMs: 50, max: 2 }, () => 0);
    cache.set('a', 1);
    cache.set('b', 2);
    cache.set('a', 3);
    cache.set('c', 4);
    expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([3, undefined, 4]);
  });
});
