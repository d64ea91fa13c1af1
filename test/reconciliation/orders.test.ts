import type { Client } from '@temporalio/client';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ordersBegun } from '../../reconciliation/orders.ts';
import { NOW } from '../support/builders.ts';

const DAY_MS = 86_400_000;

/** Temporal's visibility with orders that began at these times, in whatever order it gives them. */
function visibilityOf(begun: readonly number[]): Client {
  async function* list({ query }: { query: string }) {
    const [, from = '', until = ''] = /StartTime >= '(.*)' AND StartTime < '(.*)'/.exec(query) ?? [];
    for (const [index, at] of begun.entries()) {
      if (at >= Date.parse(from) && at < Date.parse(until)) {
        yield { workflowId: `order/${index}`, runId: `run-${index}`, status: { name: 'RUNNING' } };
      }
    }
  }
  return { workflow: { list } } as unknown as Client;
}

async function walked(begun: readonly number[]): Promise<string[][]> {
  const pages: string[][] = [];
  const temporal = visibilityOf(begun);
  for (let from: number | null = NOW; from !== null; ) {
    const { runs, next } = await ordersBegun(temporal, from, NOW + 30 * DAY_MS);
    pages.push(runs.map(({ orderId }) => orderId));
    from = next;
  }
  return pages;
}

it('each order of the period is on one page', async () => {
  const times = fc.array(fc.integer({ min: NOW, max: NOW + 30 * DAY_MS - 1 }), {
    maxLength: 400,
    size: 'max',
  });
  await fc.assert(
    fc.asyncProperty(times, async (begun) => {
      const ids = begun.map((_, index) => String(index));
      expect((await walked(begun)).flat().toSorted()).toEqual(ids.toSorted());
    }),
    { numRuns: 10, endOnFailure: true },
  );
});

it('a page is short where orders begin one after the other', async () => {
  const pages = await walked(Array.from({ length: 1_000 }, (_, index) => NOW + index * 3_000));
  expect(pages.flat()).toHaveLength(1_000);
  expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(100);
});

it('a page is short where many begin within a minute, as when an old system is taken over', async () => {
  const pages = await walked(Array.from({ length: 3_000 }, (_, index) => NOW + DAY_MS + index * 20));
  expect(pages.flat()).toHaveLength(3_000);
  expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(100);
});

it('those that began in one moment are on one page, however many', async () => {
  const pages = await walked(Array.from({ length: 350 }, () => NOW + DAY_MS));
  expect(pages.filter(({ length }) => length > 0).map(({ length }) => length)).toEqual([350]);
});
