import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { loadWorkerConfig } from '../config.ts';
import { SEARCH_ATTRIBUTES } from '../contract/search-attributes.ts';
import { createStripeClient } from '../stripe/client.ts';
import { workflowBundle } from './bundle.ts';
import { createWorker } from './create-worker.ts';
import { installRuntime } from './runtime.ts';
import { ensureHealing, ensureReconciling } from './schedules.ts';
import { registerSearchAttributes } from './search-attributes.ts';

const { temporal, stripe, events, orders, worker: options, logLevel } = loadWorkerConfig();
const log = pino({ name: 'worker', level: logLevel });
installRuntime(log, options.metricsAddress);

const connection = await NativeConnection.connect(temporal.connection);
await registerSearchAttributes(connection, temporal.namespace, SEARCH_ATTRIBUTES);
const client = new Client({ connection, namespace: temporal.namespace });
await ensureHealing(client, { taskQueue: options.taskQueue, everyMs: options.healEveryMs });
await ensureReconciling(client, { taskQueue: options.taskQueue, ...options.reconcile });
const worker = await createWorker({
  connection,
  ...{ namespace: temporal.namespace, taskQueue: options.taskQueue },
  workflowBundle: await workflowBundle(),
  stripe: createStripeClient(stripe),
  clientId: stripe.clientId,
  events,
  lookBeforeCreate: options.lookBeforeCreate,
  policy: orders,
});
// Whoever started this process waits for this line, whatever is logged else.
log.child({}, { level: 'info' }).info({ taskQueue: options.taskQueue, stripe: stripe.mode }, 'worker ready');
await worker.run(); // Until SIGTERM or SIGINT, once running activities have ended.
await connection.close();
