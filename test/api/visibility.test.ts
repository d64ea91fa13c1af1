import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { Visibility } from '../../api/backend/visibility.ts';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';

it('a workflow that ends while a page is made is on it once', async () => {
  const run = {
    workflowId: 'event/evt_1',
    startTime: new Date(0),
    memo: undefined,
    typedSearchAttributes: { getAll: () => [] },
    searchAttributes: {},
  };
  const list = async function* ({ query }: { query: string }) {
    yield { ...run, status: { name: query.includes("Status = 'Running'") ? 'RUNNING' : 'COMPLETED' } };
  };
  const temporal = {
    connection: { ...SCRIPTED_CONNECTION, withDeadline: (_: number, work: () => unknown) => work() },
    workflow: { list, count: async () => ({ count: 1 }) },
  } as unknown as Client;
  const { rows } = await new Visibility(temporal).page('outgoingEvent', [], { limit: 10, after: null });
  expect(rows).toMatchObject([{ workflowId: 'event/evt_1', isOpen: false }]);
});
