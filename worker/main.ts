import { Client } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { loadWorkerConfig, orExit } from '../config.ts';
import { createStripeClient } from '../stripe/client.ts';
import { answers } from '../temporal/answers.ts';
import { dataConverter } from '../temporal/data-converter.ts';
import { workflowBundle } from './bundle.ts';
import { connectOnceThere } from './connect.ts';
import { createWorkers } from './create-worker.ts';
import { endWhileStarting } from './end-while-starting.ts';
import { ensureInstallation } from './ensure-installation.ts';
import { serveHealth, workersState } from './health.ts';
import { refuseOtherAccount } from './stripe-account.ts';
import { sharedPace } from './stripe-share.ts';
import { startTelemetry } from './telemetry.ts';
import { untilTemporalAnswers, type Waiting } from './until-temporal-answers.ts';

const config = orExit(loadWorkerConfig);
const { temporal, stripe, events, orders, worker: options } = config;
const { log, observers, plugins, isTraced, stop } = await startTelemetry(config);
let client: Client | undefined;
let workers: readonly Worker[] = [];
const waiting: Waiting = { log, ...temporal };
endWhileStarting(log, () => workers.length === 0);
await serveHealth(options.healthAddress, async () => ({
  worker: workersState(workers),
  temporal: client !== undefined && (await answers(client)) ? 'reachable' : 'unreachable',
  waiting_for: waiting.what,
}));

const connection = await connectOnceThere(waiting, temporal.connection);
const where = { namespace: temporal.namespace, dataConverter: dataConverter(temporal.payloadKeys), plugins };
const connected = new Client({ connection, ...where });
client = connected;
await untilTemporalAnswers(waiting, () => ensureInstallation(connection, connected, { ...options, log }));
const pace = await sharedPace({ ...options, ...stripe, temporal: connected, log });
const asking = createStripeClient({ ...stripe, observers, pace });
await refuseOtherAccount({ temporal: connected, stripe: asking, livemode: stripe.mode === 'live', log });
workers = await createWorkers({
  connection,
  ...where,
  ...options,
  workflowBundle: await workflowBundle({ ...options, ...temporal, isTraced }),
  stripe: asking,
  clientId: stripe.clientId,
  events,
  livemode: stripe.mode === 'live',
  policy: orders,
  logger: log,
});
// Whoever started this process waits for this line, whatever the log level.
log.child({}, { level: 'info' }).info({ taskQueue: options.taskQueue, stripe: stripe.mode }, 'worker ready');
await Promise.all(workers.map((worker) => worker.run())); // Until SIGTERM or SIGINT, once running activities have ended.
await connection.close();
await stop();
