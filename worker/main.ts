import { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { loadWorkerConfig, orExit } from '../config.ts';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.ts';
import { createStripeClient } from '../stripe/client.ts';
import { answers } from '../temporal/answers.ts';
import { workflowBundle } from './bundle.ts';
import { createWorkers } from './create-worker.ts';
import { serveHealth, stateOf } from './health.ts';
import { installRuntime } from './runtime.ts';
import { ensureReconciling, ensureSync } from './schedules.ts';
import { registerSearchAttributes } from './search-attributes.ts';
import { untilTemporalAnswers } from './until-temporal-answers.ts';

const { temporal, stripe, events, orders, worker: options, logLevel } = orExit(loadWorkerConfig);
const log = pino({ name: 'worker', level: logLevel });
installRuntime(log, options.metricsAddress);

let client: Client | undefined;
let workers: readonly Worker[] = [];
if (options.healthAddress !== null) {
  await serveHealth(options.healthAddress, async () => ({
    worker: stateOf(workers),
    temporal: client !== undefined && (await answers(client)) ? 'reachable' : 'unreachable',
  }));
}

const waiting = { log, address: temporal.address };
const connection = await untilTemporalAnswers(waiting, () => NativeConnection.connect(temporal.connection));
const connected = new Client({ connection, namespace: temporal.namespace });
client = connected;
await untilTemporalAnswers(waiting, async () => {
  await registerSearchAttributes(connection, temporal.namespace, SEARCH_ATTRIBUTES);
  await ensureSync(connected, { taskQueue: options.taskQueue, everyMs: options.syncEveryMs });
  await ensureReconciling(connected, { taskQueue: options.taskQueue, ...options.reconcile });
});
workers = await createWorkers({
  connection,
  ...{ namespace: temporal.namespace, taskQueue: options.taskQueue, version: options.version },
  workflowBundle: await workflowBundle(),
  stripe: createStripeClient(stripe),
  clientId: stripe.clientId,
  events,
  lookBeforeCreate: options.lookBeforeCreate,
  callStacks: options.callStacks,
  livemode: stripe.mode === 'live',
  policy: orders,
});
// Whoever started this process waits for this line, whatever the log level.
log.child({}, { level: 'info' }).info({ taskQueue: options.taskQueue, stripe: stripe.mode }, 'worker ready');
await Promise.all(workers.map((worker) => worker.run())); // Until SIGTERM or SIGINT, once running activities have ended.
await connection.close();
