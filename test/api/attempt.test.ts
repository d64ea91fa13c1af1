import type { Client } from '@temporalio/client';
import { expect, it } from 'vitest';
import { attemptOf } from '../../api/backend/attempt.ts';
import { SCRIPTED_CONNECTION } from '../support/scripted-connection.ts';

const PENDING = { operation: 'capture', operationId: 'cmd_1', since: 0, failure: null } as const;

/** A server that knows these activities of a workflow. */
function serverWith(pendingActivities: readonly object[]): Client {
  const describe = async () => ({ raw: { pendingActivities } });
  return {
    options: { loadedDataConverter: {} },
    connection: SCRIPTED_CONNECTION,
    workflow: { getHandle: () => ({ describe }) },
  } as unknown as Client;
}

it('the attempt that is shown is the operation’s, whatever else the workflow has under way', async () => {
  const server = serverWith([
    { activityType: { name: 'publishEvents' }, attempt: 7 },
    { activityType: { name: 'capture' }, attempt: 2 },
  ]);
  expect(await attemptOf(server, 'order/1', PENDING)).toMatchObject({ number: 2 });
  const first = serverWith([{ activityType: { name: 'publishEvents' }, attempt: 7 }]);
  expect(await attemptOf(first, 'order/1', PENDING)).toBeNull();
});
