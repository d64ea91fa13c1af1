import { runDrill } from './chaos/drill.ts';
import { chaosOptions } from './chaos/options.ts';
import { linesOf } from './chaos/report.ts';
import { clusterUnderTest, stackUnderTest } from './chaos/system.ts';

const { orders, seed, cluster } = chaosOptions(process.argv.slice(2));
const report = (line: string) => console.error(line);
report(`Starting ${cluster ? 'a cluster' : 'Temporal, sandbox, worker and API'} …`);
const system = await (cluster ? clusterUnderTest : stackUnderTest)(report);
try {
  const drilled = await runDrill(system, { orders, seed, report });
  console.log(linesOf(drilled).join('\n'));
  process.exitCode = drilled.violations.length > 0 ? 1 : 0;
} finally {
  await system.stop();
}
