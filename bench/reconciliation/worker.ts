import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { loadWorkerConfig } from '../../config.ts';
import { createStripeClient } from '../../stripe/client.ts';
import { workflowBundle } from '../../worker/bundle.ts';
import { createWorker } from '../../worker/create-worker.ts';

const SAMPLE_EVERY_MS = 250;

// Waybill's own worker, as worker/main.ts starts it, without the schedules; it reports its memory.
Runtime.install({ logger: new DefaultLogger('WARN') });
const { temporal, stripe, events, orders, worker: options } = loadWorkerConfig();
const worker = await createWorker({
  connection: await NativeConnection.connect(temporal.connection),
  ...{ namespace: temporal.namespace, taskQueue: options.taskQueue },
  workflowBundle: await workflowBundle({ runbookUrl: null, payloadKeys: [] }),
  stripe: createStripeClient(stripe),
  clientId: null,
  events,
  policy: orders,
});
setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ rss, heapUsed })}\n`);
}, SAMPLE_EVERY_MS).unref();
await worker.run();
