import { pino } from 'pino';
import { loadSandboxConfig, orExit } from '../config.ts';
import { createSandbox } from '../sandbox/index.ts';
import { lockData } from './data.ts';
import { untilStopped } from './until-stopped.ts';

const { home, host, port, publicUrl, dataDir, webhooks, logLevel } = orExit(loadSandboxConfig);
const unlock = await lockData('sandbox', { home });
const sandbox = createSandbox({
  dataDir,
  logger: pino({ name: 'sandbox', level: logLevel }),
  ...(webhooks ? { webhooks } : {}),
  ...(publicUrl ? { publicUrl } : {}),
});
const { url } = await sandbox.listen(port, host);
console.log(`The Stripe sandbox answers at ${url}; its journal is in ${dataDir}`);

await untilStopped();
await sandbox.close();
await unlock();
