import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runDrill } from './chaos/drill.ts';
import { chaosOptions } from './chaos/options.ts';
import { linesOf } from './chaos/report.ts';
import { clusterUnderTest, stackUnderTest } from './chaos/system.ts';

const { orders, seed, cluster } = chaosOptions(process.argv.slice(2));
const report = (line: string) => console.error(line);
report(`Starting ${cluster ? 'a cluster' : 'Temporal, sandbox, worker and API'} …`);
const home = cluster ? undefined : await mkdtemp(join(tmpdir(), 'waybill-chaos-'));
const system = await (cluster ? clusterUnderTest(report) : stackUnderTest(report, home));
process.exitCode = 1;
try {
  const drilled = await runDrill(system, { orders, seed, report });
  console.log(linesOf(drilled).join('\n'));
  if (drilled.violations.length === 0) process.exitCode = 0;
} finally {
  await system.stop();
  if (home !== undefined && process.exitCode === 0) await rm(home, { recursive: true });
  else if (home !== undefined) report(`Histories and logs are kept: ${home}`);
}
