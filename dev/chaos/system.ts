import type { Via } from '../cluster/parts.ts';
import { secretOf } from '../cluster/place.ts';
import { startCluster } from '../cluster/start-cluster.ts';
import type { ManagedProcess } from '../processes/managed-process.ts';
import { startStack } from '../stack.ts';
import { Link } from './link.ts';

/** Real processes, to be killed, stopped and started again. */
export interface System {
  readonly urls: { readonly api: string; readonly sandbox: string };
  /** Of the role ops. */
  readonly apiKey: string;
  readonly secretKey: string;
  readonly processes: Readonly<Record<string, ManagedProcess>>;
  /** Ways between them that can be cut, by their ends. */
  readonly links: ReadonlyMap<string, Link>;
  stop(): Promise<void>;
}

/** What an outage leaves in needs-attention shows best with a short budget; callers repeat their requests very often. */
const ENV = {
  LOG_LEVEL: 'error',
  WAYBILL_RETRY_BUDGET_SECONDS: '5',
  WAYBILL_REQUESTS_PER_MINUTE: '1000000',
  WAYBILL_STRIPE_READS_PER_MINUTE: '1000000',
};

const SECRET_KEY = 'sk_test_waybill';

/** Temporal, sandbox, worker and API of `npm start`. `home`: the folder for their data and logs; absent: one that goes with them. */
export async function stackUnderTest(report: (line: string) => void, home?: string): Promise<System> {
  const place = home === undefined ? ({ fresh: true } as const) : { home };
  const { urls, processes, stop } = await startStack({ ...place, env: ENV, report });
  return { urls, apiKey: 'dev_ops', secretKey: SECRET_KEY, processes, links: new Map(), stop };
}

/** PostgreSQL, Temporal's four roles, two workers, two APIs behind a proxy, and the sandbox. */
export async function clusterUnderTest(report: (line: string) => void): Promise<System> {
  const env = { ...process.env, ...ENV };
  const links = new Map<string, Link>();
  const via: Via = async (from, to, port) => {
    const ends = `${from} from ${to}`;
    const link = links.get(ends) ?? (await Link.to(port));
    links.set(ends, link);
    return link.port;
  };
  const cluster = await startCluster({ ports: 'free', scope: 'all', env, supervise: false, report, via });
  const { urls, processes, place } = cluster;
  const apiKey = await secretOf(place, 'waybill_key_ops');
  const stop = async () => {
    await cluster.stop();
    await Promise.all([...links.values()].map((link) => link.close()));
  };
  return { urls, apiKey, secretKey: SECRET_KEY, processes, links, stop };
}
