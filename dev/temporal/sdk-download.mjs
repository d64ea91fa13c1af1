// Run by sdk-download.ts: has the SDK fetch a server of the given kind into the folder given, by way of starting it.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const [kind, downloadDir] = process.argv.slice(2);
const options = { server: { executable: { type: 'cached-download', downloadDir, ttl: '100d' } } };
const env =
  kind === 'time-skipping'
    ? await TestWorkflowEnvironment.createTimeSkipping(options)
    : await TestWorkflowEnvironment.createLocal(options);
await env.teardown();
