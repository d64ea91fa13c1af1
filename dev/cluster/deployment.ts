/**
 * What the processes of a deployment run, and with which settings: declared once. `npm run cluster` runs it as it stands, and
 * tests hold docker-compose.yml and the chart to it. Secrets are files.
 */
export interface Deployed {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export const TEMPORAL_ROLES = ['history', 'matching', 'frontend', 'worker'] as const;
export type TemporalRole = (typeof TEMPORAL_ROLES)[number];

/** The user that owns Temporal's databases. */
export const POSTGRES_USER = 'temporal';

interface Database {
  readonly host: string;
  readonly port: number;
}

/** Four roles with two stores each, and 20 connections a store. */
const POSTGRES_CONNECTIONS_MAX = 200;

export function postgres(): Deployed {
  return { command: ['postgres', '-c', `max_connections=${POSTGRES_CONNECTIONS_MAX}`], environment: {} };
}

/** Before each new version of the server. `folder`: deploy/temporal, as the process sees it. */
export function temporalSchema(folder: string, { host, port }: Database): Deployed {
  return {
    command: [`${folder}/schema.sh`],
    environment: { SQL_HOST: host, SQL_PORT: String(port), SQL_USER: POSTGRES_USER },
  };
}

export interface TemporalPlace {
  /** deploy/temporal, as the process sees it. */
  readonly folder: string;
  readonly database: Database;
  readonly grpcPort: number;
  readonly membershipPort: number;
  /** `host:port` for Prometheus. */
  readonly metricsAddress: string;
  /** `host:port` of the frontend. */
  readonly frontendAddress: string;
}

/** `TEMPORAL_BIND_IP` and `POSTGRES_PASSWORD` are known only where it runs. */
export function temporalServer(role: TemporalRole, place: TemporalPlace): Deployed {
  return {
    command: [
      ...['temporal-server', '--root', place.folder, '--config', '.', '--env', 'server'],
      ...['--allow-no-auth', 'start', '--service', role],
    ],
    environment: {
      POSTGRES_HOST: place.database.host,
      POSTGRES_PORT: String(place.database.port),
      POSTGRES_USER,
      TEMPORAL_GRPC_PORT: String(place.grpcPort),
      TEMPORAL_MEMBERSHIP_PORT: String(place.membershipPort),
      TEMPORAL_METRICS_ADDRESS: place.metricsAddress,
      TEMPORAL_FRONTEND_ADDRESS: place.frontendAddress,
      TEMPORAL_DYNAMIC_CONFIG: `${place.folder}/dynamic-config.yaml`,
    },
  };
}

export interface WaybillPlace {
  readonly temporalAddress: string;
  readonly namespace: string;
  /** The folder with a file for each secret. */
  readonly secrets: string;
  /** Where Stripe is: here, a sandbox. */
  readonly stripeApiBase: string;
  /** Where browsers reach the sandbox. */
  readonly stripePublicUrl: string;
  /** Where traces go; absent: nowhere. */
  readonly tracesUrl?: string;
  /** Whether what Temporal stores is encrypted; absent: it is not. */
  readonly isEncrypted?: boolean;
}

/** A job, once a deployment. It alone needs the right to change the namespace. */
export function prepareNamespace(place: WaybillPlace): Deployed {
  return { command: node('worker/prepare-namespace.js'), environment: temporalOf(place) };
}

function payloadKeysOf({ isEncrypted = false, secrets }: WaybillPlace): Record<string, string> {
  return isEncrypted ? { WAYBILL_PAYLOAD_KEYS_FILE: `${secrets}/waybill_payload_keys` } : {};
}

function tracesOf({ tracesUrl }: WaybillPlace): Record<string, string> {
  return tracesUrl === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: tracesUrl };
}

export function waybillWorker(
  place: WaybillPlace,
  at: { healthAddress: string; metricsAddress: string },
): Deployed {
  return {
    command: node('worker/main.js'),
    environment: {
      ...temporalOf(place),
      ...stripeOf(place),
      ...tracesOf(place),
      WAYBILL_EVENTS_KEY_FILE: `${place.secrets}/waybill_events_key`,
      ...payloadKeysOf(place),
      WORKER_HEALTH_ADDRESS: at.healthAddress,
      WORKER_METRICS_ADDRESS: at.metricsAddress,
    },
  };
}

export function waybillApi(
  place: WaybillPlace,
  at: { host: string; port: number; trustedProxies: string; temporalUi?: string; auditDir?: string },
): Deployed {
  return {
    command: node('api/main.js'),
    environment: {
      ...temporalOf(place),
      ...stripeOf(place),
      ...tracesOf(place),
      API_HOST: at.host,
      API_PORT: String(at.port),
      ...(at.temporalUi === undefined ? {} : { TEMPORAL_UI_URL: at.temporalUi }),
      STRIPE_WEBHOOK_SECRETS_FILE: `${place.secrets}/stripe_webhook_secrets`,
      WAYBILL_API_KEYS_FILE: `${place.secrets}/waybill_api_keys`,
      WAYBILL_EVENTS_KEY_FILE: `${place.secrets}/waybill_events_key`,
      ...payloadKeysOf(place),
      WAYBILL_STATE_SECRET_FILE: `${place.secrets}/waybill_state_secret`,
      WAYBILL_TRUSTED_PROXIES: at.trustedProxies,
      ...(at.auditDir === undefined ? {} : { WAYBILL_AUDIT_DIR: at.auditDir }),
    },
  };
}

export function sandbox(
  place: WaybillPlace,
  at: { host: string; port: number; apiUrl: string; home: string },
): Deployed {
  return {
    command: node('dev/sandbox.js'),
    environment: {
      SANDBOX_HOST: at.host,
      SANDBOX_PORT: String(at.port),
      SANDBOX_PUBLIC_URL: place.stripePublicUrl,
      SANDBOX_WEBHOOK_URL: `${at.apiUrl}/webhooks/stripe`,
      STRIPE_WEBHOOK_SECRETS_FILE: `${place.secrets}/stripe_webhook_secrets`,
      WAYBILL_HOME: at.home,
    },
  };
}

/** `apis`: `host:port` of each. `file`: deploy/proxy/haproxy.cfg, as the process sees it. */
export function proxy(file: string, address: string, apis: readonly [string, string]): Deployed {
  return {
    command: ['haproxy', '-db', '-f', file],
    environment: { PROXY_ADDRESS: address, API_1: apis[0], API_2: apis[1] },
  };
}

function node(script: string): string[] {
  return ['node', '--enable-source-maps', `dist/${script}`];
}

function temporalOf({ temporalAddress, namespace }: WaybillPlace) {
  return { TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_NAMESPACE: namespace };
}

function stripeOf({ stripeApiBase, stripePublicUrl }: WaybillPlace) {
  return { STRIPE_API_BASE: stripeApiBase, STRIPE_CONNECT_BASE: stripePublicUrl };
}
