import { WorkflowNotFoundError } from '@temporalio/client';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import type { Backend } from '../../api/backend/backend.ts';
import { listPage } from '../../api/backend/list-page.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { connectionError } from '../support/stripe-errors.ts';

/** What a list shows of its one item, and the log of it, where reading the item fails so. */
async function shownWhere(failure: Error) {
  const lines: string[] = [];
  const row = { workflowId: 'order/a', startedAt: new Date(0), searchAttributes: {} };
  const backend = {
    visibility: { page: async () => ({ rows: [row], hasMore: false }) },
    logger: pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
  } as unknown as Backend;
  const { data } = await listPage(backend, {
    url: '/v1/orders',
    noun: 'order',
    workflowType: 'order',
    conditions: [],
    query: { limit: 10 },
    workflowId: (id) => `order/${id}`,
    idOf: (workflowId) => workflowId.slice('order/'.length),
    read: () => Promise.reject(failure),
  });
  return { data, log: lines.join('') };
}

it.each([
  [
    'Temporal says',
    new WorkflowNotFoundError('workflow not found', 'order/a', undefined),
    'workflow not found',
  ],
  ['the API says', new ProblemError(problem('not_found', 'There is no order a.')), 'There is no order a.'],
  ['is known of Stripe', connectionError('socket hang up'), 'Stripe is not answering'],
])('an item that cannot be read shows what %s', async (_, failure, why) => {
  const { data } = await shownWhere(failure);
  expect(data).toMatchObject([{ id: 'a', object: 'order', unreadable: expect.stringContaining(why) }]);
});

it('an item that a bug hides says so, and only the log shows which', async () => {
  const { data, log } = await shownWhere(new TypeError('terms is undefined'));
  expect(data).toMatchObject([{ id: 'a', unreadable: 'The API failed to show it; its log says why.' }]);
  expect(log).toContain('terms is undefined');
});
