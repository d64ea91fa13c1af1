import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { Installation } from '../../../api/backend/installation.ts';
import { ORDER_STATUSES } from '../../../domain/orders/order-statuses.ts';

const SINCE = new Date('2026-01-01T00:00:00Z');

/** Temporal with so many orders that need the same, and one that needs something else. */
function temporalOf(stuck: number) {
  const codes = [...Array.from({ length: stuck }, () => 'authentication_error'), 'rate_limit'];
  let questions = 0;
  const matching = (query: string) =>
    codes.filter((code) => {
      const [, excluded = ''] = /NOT IN \(([^)]*)\)/.exec(query) ?? [];
      const [, only] = /AttentionCode = '(\w+)'/.exec(query) ?? [];
      return !excluded.includes(`'${code}'`) && (only === undefined || only === code);
    });
  const client = {
    connection: {
      withDeadline: <T>(_: number, work: () => Promise<T>) => work(),
      withAbortSignal: <T>(_: AbortSignal, work: () => Promise<T>) => work(),
    },
    workflow: {
      async count(query: string) {
        questions += 1;
        return { count: matching(query).length };
      },
      async *list({ query }: { query: string }) {
        questions += 1;
        for (const code of matching(query)) {
          const attributes = [
            { key: { name: 'AttentionCode' }, value: code },
            { key: { name: 'AttentionSince' }, value: SINCE },
          ];
          yield { startTime: SINCE, typedSearchAttributes: { getAll: () => attributes } };
        }
      },
    },
  };
  return { client: client as unknown as Client, questions: () => questions };
}

it('orders are counted by status without a question that has SQLite read all that is running', async () => {
  const asked: string[] = [];
  const { client } = temporalOf(0);
  const count = async (query: string) => {
    asked.push(query);
    return { count: query.includes("'captured'") ? 3 : 0 };
  };
  const workflow = { ...client.workflow, count };
  const orders = await new Installation({ ...client, workflow } as unknown as Client).ordersByStatus();
  expect(orders.get('captured')).toBe(3);
  expect([...orders.keys()]).toEqual([...ORDER_STATUSES]);
  for (const query of asked) {
    expect(query).toMatch(/OrderStatus BETWEEN '(\w+)' AND '\1'/);
  }
});

it('what needs attention is counted with a few questions, however many need the same', async () => {
  const { client, questions } = temporalOf(400);
  const found = await new Installation(client).attention();
  expect([...found]).toEqual([
    ['authentication_error', { count: 400, oldest: SINCE.getTime() }],
    ['rate_limit', { count: 1, oldest: SINCE.getTime() }],
  ]);
  expect(questions()).toBeLessThan(10);
});
