import { secretOf } from '../cluster/place.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';
import { startStack } from '../stack.ts';

/** Real processes, to be killed, stopped and started again. */
export interface System {
  readonly urls: { readonly api: string; readonly sandbox: string };
  /** Of the role ops. */
  readonly apiKey: string;
  readonly secretKey: string;
  readonly processes: Readonly<Record<string, ManagedProcess>>;
  stop(): Promise<void>;
}

/** What an outage leaves in needs-attention shows best with a short budget; callers repeat their requests very often. */
const ENV = {
  LOG_LEVEL: 'fatal',
  WAYBILL_RETRY_BUDGET_SECONDS: '5',
  WAYBILL_REQUESTS_PER_MINUTE: '1000000',
  WAYBILL_STRIPE_READS_PER_MINUTE: '1000000',
};

const SECRET_KEY = 'sk_test_waybill';

/** Temporal, sandbox, worker and API of `npm start`. */
export async function stackUnderTest(report: (line: string) => void): Promise<System> {
  const { urls, processes, stop } = await startStack({ fresh: true, env: ENV, report });
  return { urls, apiKey: 'dev_ops', secretKey: SECRET_KEY, processes, stop };
}

/** PostgreSQL, Temporal's four roles, two workers, two APIs behind a proxy, and the sandbox. */
export async function clusterUnderTest(report: (line: string) => void): Promise<System> {
  const env = { ...process.env, ...ENV };
  const cluster = await startCluster({ ports: 'free', scope: 'all', env, supervise: false, report });
  const { urls, processes, place } = cluster;
  const apiKey = await secretOf(place, 'waybill_key_ops');
  return { urls, apiKey, secretKey: SECRET_KEY, processes, stop: () => cluster.stop() };
}
