import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { loadWorkerConfig } from '../../config.ts';
import { BARE_TASK_QUEUE } from './bare-orders.ts';

// A process of its own, as Waybill's worker is one: so that its CPU can be measured separately.
Runtime.install({ logger: new DefaultLogger('WARN') });
const { temporal } = loadWorkerConfig();
const here = fileURLToPath(import.meta.url);
const worker = await Worker.create({
  connection: await NativeConnection.connect(temporal.connection),
  namespace: temporal.namespace,
  taskQueue: BARE_TASK_QUEUE,
  workflowBundle: await bundleWorkflowCode({
    workflowsPath: here.replace('bare-worker', 'bare-workflow'),
    logger: new DefaultLogger('WARN'),
  }),
  activities: { nothing: async () => undefined },
  maxCachedWorkflows: 500,
});
process.stdout.write(`bare worker ready (${extname(here)})\n`);
await worker.run();
