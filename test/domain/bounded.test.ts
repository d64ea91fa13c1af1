import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mapBounded } from '../../domain/bounded.ts';

describe('mapping with a bound', () => {
  it('gives what each item comes to, in their order, and never does more at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5)), fc.integer({ min: 1, max: 4 }), async (turnsOfEach, limit) => {
        let running = 0;
        let most = 0;
        const results = await mapBounded(turnsOfEach, limit, async (turns) => {
          running += 1;
          most = Math.max(most, running);
          for (let done = 0; done < turns; done += 1) await turn();
          running -= 1;
          return turns * 2;
        });
        expect(results).toEqual(turnsOfEach.map((turns) => turns * 2));
        expect(most).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 50 },
    );
  });

  it('fails with the first that fails', async () => {
    const failing = mapBounded([1, 2, 3], 2, async (item) => {
      if (item === 2) throw new Error('the second');
      return item;
    });
    await expect(failing).rejects.toThrow('the second');
  });

  it('begins no further item after the first failure', async () => {
    const begun: number[] = [];
    const failing = mapBounded([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      await turn();
      if (item === 2) throw new Error('the second');
    });
    await expect(failing).rejects.toThrow('the second');
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(begun).toEqual([1, 2, 3]);
  });
});
