import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { NativeConnectionOptions } from '@temporalio/worker';
import type { PayloadKey } from './payload-keys.ts';
import { metadataKeys, payloadKeys } from './payload-keys.ts';
import { ConfigError } from './secrets.ts';
import type { Env } from './variables.ts';

export interface TemporalConfig {
  /** No cluster was named: `npm start` brings up its own server on `port` and `uiPort`. */
  embedded: boolean;
  address: string;
  namespace: string;
  /** For `Connection.connect` and `NativeConnection.connect` alike. */
  connection: Pick<NativeConnectionOptions, 'address' | 'tls' | 'apiKey' | 'metadata' | 'grpcCompression'>;
  /** What Temporal stores is encrypted with the first, and decrypted with any of them; none: it is plain. */
  payloadKeys: PayloadKey[];
  /** What the digests of metadata are keyed with: those of new orders with the first. */
  metadataKeys: [string, ...string[]];
  port: number;
  uiPort: number;
}

/** Without the SDK's gzip. Only workers' connections compress: the API's client never does. */
const PLAIN = { grpcCompression: { codec: 'none' } } as const;

/** Where Temporal is: the cluster that the environment names, or an embedded server on those ports. */
export function temporalConfig(
  vars: {
    readonly TEMPORAL_PORT: number;
    readonly TEMPORAL_UI_PORT: number;
    readonly WAYBILL_PAYLOAD_KEYS: readonly string[];
    readonly WAYBILL_TEMPORAL_GZIP: boolean;
  },
  env: Env,
): TemporalConfig {
  const own = `127.0.0.1:${vars.TEMPORAL_PORT}`;
  const keys = payloadKeys(vars.WAYBILL_PAYLOAD_KEYS);
  const common = {
    payloadKeys: keys,
    metadataKeys: metadataKeys(keys),
    port: vars.TEMPORAL_PORT,
    uiPort: vars.TEMPORAL_UI_PORT,
  };
  // A profile that merely lies in the home directory may lead to production: it counts only when it is asked for.
  if (!(env.TEMPORAL_ADDRESS || env.TEMPORAL_PROFILE || env.TEMPORAL_CONFIG_FILE)) {
    const namespace = env.TEMPORAL_NAMESPACE || 'default';
    return { embedded: true, address: own, namespace, connection: { address: own, ...PLAIN }, ...common };
  }
  const { connectionOptions, namespace = 'default' } = temporalEnvironment(env);
  const { address = own, apiKey, metadata } = connectionOptions;
  const connection = {
    ...connectionOptions,
    address,
    ...(apiKey === undefined ? {} : { metadata: { ...named(namespace), ...metadata } }),
    ...(vars.WAYBILL_TEMPORAL_GZIP ? {} : PLAIN),
  };
  return { embedded: false, address, namespace, connection, ...common };
}

/**
 * Whose a call is, where an address serves many namespaces, as Temporal Cloud's of a region. The SDK says so in calls of the workflow service
 * alone; workers list search attributes by another.
 */
function named(namespace: string) {
  return { 'temporal-namespace': namespace };
}

/** TLS, API key, namespace and profiles as every Temporal SDK reads them. */
function temporalEnvironment(env: Env) {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  );
  try {
    return loadClientConnectConfig({ overrideEnvVars });
  } catch (error) {
    throw new ConfigError('TEMPORAL_*', error instanceof Error ? error.message : String(error));
  }
}

/** Which version of a worker deployment a worker is; null where it has none. */
export function deploymentVersion(vars: {
  readonly TEMPORAL_DEPLOYMENT_NAME?: string | undefined;
  readonly TEMPORAL_WORKER_BUILD_ID?: string | undefined;
}): { deploymentName: string; buildId: string } | null {
  const { TEMPORAL_DEPLOYMENT_NAME: deploymentName, TEMPORAL_WORKER_BUILD_ID: buildId } = vars;
  if (buildId === undefined) return null;
  if (deploymentName !== undefined) return { deploymentName, buildId };
  throw new ConfigError('TEMPORAL_DEPLOYMENT_NAME', 'must be set together with TEMPORAL_WORKER_BUILD_ID');
}
