import { Client, Connection } from '@temporalio/client';
import { createActivities } from '../../activities/index.ts';
import { createSandbox, DEFAULT_PLATFORM_KEY } from '../../sandbox/index.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { progress } from '../../worker/heartbeats.ts';
import { NOW } from './builders.ts';

/** Activities on a sandbox whose clock stands at `NOW`, and without a Temporal; close the sandbox when the tests have ended. */
export async function startSandboxActivities() {
  const sandbox = createSandbox({ seed: 1, now: NOW });
  const { url } = await sandbox.listen(0);
  const stripe = createStripeClient({ secretKey: DEFAULT_PLATFORM_KEY, apiBase: url });
  const activities = createActivities({
    temporal: new Client({ connection: Connection.lazy({ address: '127.0.0.1:9' }) }),
    clientId: null,
    taskQueue: 'waybill',
    accountLimits: {},
    lookBeforeCreate: false,
    stripe,
    progress,
    now: () => NOW,
  });
  return { sandbox, stripe, activities };
}
