// Run by sdk-download.ts: fetches the Temporal CLI into the folder given, by way of the SDK's test environment.
import { TestWorkflowEnvironment } from '@temporalio/testing';

const env = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: 'cached-download', downloadDir: process.argv[2], ttl: '100d' } },
});
await env.teardown();
