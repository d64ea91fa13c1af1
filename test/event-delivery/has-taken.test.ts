import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import type { EventDelivery } from '../../contract/outgoing-events.ts';
import { hasTaken } from '../../event-delivery/has-taken.ts';
import { NOW } from '../support/builders.ts';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';

const ALL = { id: 'wes_1', events: ['*'] } as const;

/** Temporal with events that have been delivered, or not; newest first. */
function temporalWith(
  delivered: readonly (readonly [string, EventDelivery['status']])[],
  name: 'COMPLETED' | 'RUNNING' = 'COMPLETED',
) {
  const asked: string[] = [];
  let read = 0;
  const workflow = {
    async *list({ query }: { query: string }) {
      asked.push(query);
      for (const [index] of delivered.entries())
        yield { workflowId: String(index), runId: 'run', status: { name } };
    },
    result: async (workflowId: string) => deliveriesOf(workflowId),
    getHandle: (workflowId: string) => ({ query: async () => deliveriesOf(workflowId) }),
  };
  const deliveriesOf = (workflowId: string) => {
    read += 1;
    const [subscription, status] = delivered[Number(workflowId)] ?? [];
    return { deliveries: [{ subscription, status, detail: null }] };
  };
  const temporal = { workflow, connection: SCRIPTED_CONNECTION } as unknown as Client;
  return { temporal, asked, read: () => read };
}

it.each([
  [
    'has taken another event',
    [
      ['wes_1', 'failed'],
      ['wes_1', 'delivered'],
    ],
    true,
  ],
  [
    'has taken none',
    [
      ['wes_1', 'failed'],
      ['wes_1', 'skipped'],
    ],
    false,
  ],
  ['alone is asked about', [['wes_2', 'delivered']], false],
  ['got no other event', [], false],
] as const)('finds whether a receiver %s', async (_, delivered, expected) => {
  const { temporal, asked } = temporalWith(delivered);
  expect(await hasTaken(temporal, ALL, NOW)).toBe(expected);
  expect(asked[0]).toContain(`StartTime > '${new Date(NOW).toISOString()}'`);
  expect(asked[0]).not.toContain('EventType');
});

it('looks at events that the receiver asked for, and at no more than the newest', async () => {
  const others = Array.from({ length: 30 }, () => ['wes_2', 'delivered'] as const);
  const { temporal, asked, read } = temporalWith([...others, ['wes_1', 'delivered']]);
  const some = { id: 'wes_1', events: ['order.captured', 'payout.failed'] } as const;
  expect(await hasTaken(temporal, some, NOW)).toBe(false);
  expect(asked[0]).toContain("EventType IN ('order.captured', 'payout.failed')");
  expect(read()).toBe(20);
});

it('counts what was delivered to it of an event that another subscriber has not taken yet', async () => {
  const { temporal, asked } = temporalWith([['wes_1', 'delivered']], 'RUNNING');
  expect(await hasTaken(temporal, ALL, NOW)).toBe(true);
  expect(asked[0]).toContain("ExecutionStatus IN ('Running', 'Completed')");
});
