import { startCluster } from './cluster/start-cluster.ts';
import { untilStopped } from './until-stopped.ts';

const startedMs = performance.now();
let giveUp: (why: string) => void = () => undefined;
const givenUp = new Promise<string>((resolve) => {
  giveUp = resolve;
});
const cluster = await startCluster({
  ports: 'configured',
  scope: 'all',
  env: process.env,
  supervise: true,
  report: console.log,
  onGivenUp: giveUp,
});
const { home, secrets } = cluster.place;
console.log(`
The cluster is up (${((performance.now() - startedMs) / 1_000).toFixed(1)} s).

  API          ${cluster.urls.api}   (two processes behind a proxy)
  Temporal     ${cluster.temporalAddress}, namespace ${cluster.namespace}   (four roles, on PostgreSQL)
  Stripe       the sandbox at ${cluster.urls.sandbox}
  API keys     ${secrets}/waybill_key_*
  Data, logs   ${home}

Ctrl-C stops everything.
`);
const why = await Promise.race([untilStopped().then(() => undefined), givenUp]);
console.log(why ? `\n${why}. Stopping everything …` : '\nStopping … (once more to force it)');
await cluster.stop();
process.exit(why ? 1 : 0);
