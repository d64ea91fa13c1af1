import { z } from 'zod';
import type { DayLimit } from '../domain/limits/day-limits.ts';
import { LOST_DISPUTE_POLICIES } from '../domain/orders/recovery-state.ts';
import { ConfigError } from './secrets.ts';

/** Variables by name, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

const port = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().min(1).max(65_535).default(fallback);
const amount = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().positive().default(fallback);
const optionalAmount = z.coerce.number({ error: 'must be a number' }).int().positive().optional();
const list = z
  .string()
  .default('')
  .transform((value) => value.split(/[,\n]/).flatMap((item) => item.trim() || []));
/** Which of the two should hold? */
const TWICE = 'must name each currency once';
const hasTwice = (pairs: readonly (RegExpExecArray | null)[]) =>
  new Set(pairs.map((pair) => pair?.[1])).size < pairs.length;
/** Minor units by currency. */
const amounts = list.transform((items, context) => {
  const pairs = items.map((item) => /^([a-z]{3}):(\d{1,12})$/.exec(item));
  if (pairs.includes(null)) {
    context.addIssue('must be currency:amount in minor units, comma-separated, such as usd:50000,eur:45000');
  }
  if (hasTwice(pairs)) context.addIssue(TWICE);
  return Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])]));
});
/** The same, with `count:` of movements. */
const dayLimit = list.transform((items, context) => {
  const pairs = items.map((item) => /^(count|[a-z]{3}):(\d{1,12})$/.exec(item));
  if (pairs.includes(null)) {
    context.addIssue('must be currency:amount in minor units and count:number, such as usd:500000,count:20');
  }
  if (hasTwice(pairs)) context.addIssue(TWICE);
  const { count, ...max } = Object.fromEntries(pairs.map((pair) => [pair?.[1], Number(pair?.[2])]));
  return {
    ...(count === undefined ? {} : { count }),
    ...(Object.keys(max).length === 0 ? {} : { max }),
  } as DayLimit;
});
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const hostAndPort = z.string().regex(/^.+:\d{1,5}$/, 'must be host:port');
const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
export type LogLevel = z.infer<typeof logLevel>;

/** Each with what it does, as `.env.example` says it. */
export const variables = z.object({
  API_HOST: z.string().default('127.0.0.1').describe('Address on which the API listens.'),
  API_PORT: port(3000).describe('Port on which the API listens.'),
  SANDBOX_HOST: z.string().default('127.0.0.1').describe('Address on which the sandbox listens.'),
  SANDBOX_PORT: port(12_111).describe('Port on which the sandbox listens.'),
  SANDBOX_PUBLIC_URL: httpUrl
    .optional()
    .describe('Where browsers reach the pages of the sandbox, if not where it listens.'),
  SANDBOX_WEBHOOK_URL: httpUrl
    .optional()
    .describe('Where the sandbox sends its events, if not to the API on the same machine.'),
  TEMPORAL_PORT: port(7233).describe('Port of the embedded Temporal server.'),
  TEMPORAL_UI_PORT: port(8233).describe("Port of the embedded server's UI."),
  TEMPORAL_UI_URL: httpUrl
    .optional()
    .describe("Where operators' browsers reach Temporal UI, if not the embedded server's."),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_/, 'must start with sk_test_, sk_live_, rk_test_ or rk_live_')
    .optional()
    .describe(
      "The platform's key (sk_… or rk_…). With it the service talks to Stripe; without it, to the sandbox.",
    ),
  STRIPE_API_BASE: httpUrl.optional().describe('A sandbox elsewhere. Not allowed with a live key.'),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_/, 'must start with pk_test_ or pk_live_')
    .optional()
    .describe("The platform's publishable key (pk_…). Live mode needs it to make tokens of identity data."),
  STRIPE_CLIENT_ID: z
    .string()
    .regex(/^ca_/, 'must start with ca_')
    .optional()
    .describe("The platform's OAuth client (ca_…), to connect Standard accounts."),
  STRIPE_CONNECT_BASE: httpUrl
    .optional()
    .describe("Where an account's owner consents to OAuth, with a sandbox elsewhere."),
  STRIPE_WEBHOOK_SECRETS: list.describe(
    'Signing secrets of the webhook endpoints, comma-separated: platform, Connect, one being rolled.',
  ),
  WAYBILL_API_KEYS: list.describe('name:role:secret, comma-separated; role read, service or ops.'),
  WAYBILL_API_KEYS_FILE: z
    .string()
    .optional()
    .describe(
      'Instead: a file of keys with hashed secrets, made by `waybill keys` and read again when it changes.',
    ),
  WAYBILL_STATE_SECRET: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'At least 32 random characters, the same for every API process. Signs the OAuth state, keys hashes of identity data.',
    ),
  WAYBILL_EVENTS_KEY: z
    .string()
    .min(32, 'must have at least 32 characters')
    .optional()
    .describe(
      'At least 32 random characters, the same for API and workers. Signing secrets of events are derived from it.',
    ),
  WAYBILL_EVENTS_GIVE_UP_HOURS: amount(72).describe(
    'Hours without a successful delivery after which a subscription is disabled.',
  ),
  WAYBILL_REQUESTS_PER_MINUTE: amount(120_000).describe(
    'Requests per minute of one API key, in one API process.',
  ),
  WAYBILL_ANONYMOUS_REQUESTS_PER_MINUTE: amount(600).describe(
    'Requests per minute of one address without a valid key.',
  ),
  WAYBILL_STRIPE_READS_PER_MINUTE: amount(1_200).describe(
    'Requests per minute of one API key that have to ask Stripe.',
  ),
  WAYBILL_STRIPE_CALLS_PER_SECOND: optionalAmount.describe(
    'Calls per second that all workers together send to Stripe: 80 in live mode, 20 in test mode.',
  ),
  WAYBILL_STRIPE_CALLS_PER_ENDPOINT: optionalAmount.describe(
    'The same for one endpoint, such as POST /v1/refunds: 20 in both modes.',
  ),
  WAYBILL_COMMANDS_MAX: amount(200).describe(
    'Commands that one API process carries out at a time; what is more is refused with 429.',
  ),
  WAYBILL_CONNECTIONS_MAX: amount(2000).describe(
    'Connections that one API process holds at a time; one address has at most half of them, unless it is a trusted proxy.',
  ),
  WAYBILL_TRUSTED_PROXIES: list.describe(
    'Proxies whose X-Forwarded-For is trusted: addresses, ranges, loopback, linklocal, uniquelocal.',
  ),
  WAYBILL_PROXY_SECRET: list.describe(
    'Sent by a proxy that signs persons in, as X-Waybill-Proxy-Secret: at least 24 random characters; comma-separated while it is replaced.',
  ),
  WAYBILL_PROXY_IDENTITY_HEADER: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header')
    .default('X-Forwarded-Email')
    .describe('The header in which that proxy names the person.'),
  WAYBILL_PROXY_PERSONS: list.describe(
    'What those persons may do: address:role or @domain:role, comma-separated; role read, service or ops.',
  ),
  WAYBILL_AUDIT_DIR: z
    .string()
    .optional()
    .describe(
      'Folder of the audit log: each API process appends to a file of its own. Without it none is written.',
    ),
  WAYBILL_PAYLOAD_KEYS: list.describe(
    'Encrypts what Temporal stores: id:key, comma-separated; each key 32 random bytes in Base64. The first encrypts.',
  ),
  WAYBILL_HOME: z.string().default('.waybill').describe('Where the embedded parts keep their data.'),
  WAYBILL_RETENTION_DAYS: amount(30).describe(
    'Days that a namespace made by prepare-namespace keeps ended workflows.',
  ),
  TEMPORAL_DEPLOYMENT_NAME: z
    .string()
    .optional()
    .describe('Name of the worker deployment, for rollouts by version (docs/upgrading.md).'),
  TEMPORAL_WORKER_BUILD_ID: z
    .string()
    .optional()
    .describe(
      'Which release this worker runs. With it Temporal routes by version; needs TEMPORAL_DEPLOYMENT_NAME.',
    ),
  WAYBILL_TASK_QUEUE: z.string().default('waybill').describe('The task queue that workers poll.'),
  WAYBILL_SYNC_SECONDS: amount(30).describe(
    'Seconds between two searches for missed Stripe events, and between two comparisons of accounts and payouts.',
  ),
  WAYBILL_RECONCILE_MINUTES: amount(60).describe('Minutes between two reconciliations.'),
  WAYBILL_RECONCILE_DAYS: amount(30).describe('Days that a reconciliation looks back.'),
  WAYBILL_RETRY_BUDGET_SECONDS: amount(900).describe(
    'Seconds of retries after which an operation needs attention.',
  ),
  WAYBILL_LOOK_BEFORE_CREATE: z
    .stringbool({ error: 'must be true or false' })
    .default(true)
    .describe('Whether Waybill looks for an object at Stripe before it creates one.'),
  WAYBILL_ORDER_OPEN_DAYS: amount(180).describe('Days without a movement after which an order closes.'),
  WAYBILL_UNPAID_ORDER_DAYS: amount(7).describe('Days after which an unpaid order is canceled.'),
  WAYBILL_CAPTURE_WARNING_HOURS: amount(24).describe(
    'Hours before the end of the capture window at which Waybill warns.',
  ),
  WAYBILL_REAUTHORIZE_HOURS: amount(36).describe(
    'Hours before the end of the capture window at which an authorization is renewed.',
  ),
  WAYBILL_REAUTHORIZE_DAYS: amount(90).describe(
    "Days after an order's creation during which its authorization is renewed automatically.",
  ),
  WAYBILL_APPROVAL_ABOVE: amounts.describe(
    "Refunds, transfers, payouts and mark_done above wait for another person's approval: currency:amount in minor units, comma-separated (usd:50000). A currency that is not named: every amount.",
  ),
  WAYBILL_APPROVAL_HOURS: amount(72).describe('Hours after which nobody can approve any more.'),
  WAYBILL_ACCOUNT_REFUNDS_PER_DAY: dayLimit.describe(
    'The most that refunds of one connected account come to in a day (UTC): currency:amount in minor units, and count:number (usd:500000,count:20). A currency that is not named beside others: nothing. For workers.',
  ),
  WAYBILL_ACCOUNT_TRANSFERS_PER_DAY: dayLimit.describe('The same of special-case transfers to it.'),
  WAYBILL_ACCOUNT_PAYOUTS_PER_DAY: dayLimit.describe('The same of its payouts that Waybill makes.'),
  WAYBILL_ON_DISPUTE_LOST: z
    .enum(LOST_DISPUTE_POLICIES)
    .default('bear')
    .describe(
      'Who bears a lost dispute if the order does not say: bear (the platform) or recover (the connected account).',
    ),
  WAYBILL_CALL_STACKS: z
    .stringbool({ error: 'must be true or false' })
    .default(false)
    .describe("Whether Temporal UI's Call Stack works. Costs about half of a worker's CPU."),
  WAYBILL_TEMPORAL_GZIP: z
    .stringbool({ error: 'must be true or false' })
    .default(true)
    .describe(
      'Whether workers compress what they send to Temporal. false saves CPU where Temporal is near; the embedded server never gets it compressed.',
    ),
  WAYBILL_RUNBOOK_URL: httpUrl
    .optional()
    .describe("Where the runbook is published, for links in Temporal's UI."),
  WAYBILL_DOCS_URL: httpUrl
    .optional()
    .describe('Where the documentation is published, for links in the console and at /docs.'),
  WORKER_METRICS_ADDRESS: hostAndPort
    .optional()
    .describe('host:port at which a worker serves Prometheus metrics.'),
  WORKER_HEALTH_ADDRESS: hostAndPort
    .optional()
    .describe('host:port at which a worker answers /healthz and /readyz.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl
    .optional()
    .describe('Where traces go, by OTLP over HTTP (http://localhost:4318). Without it nothing is traced.'),
  LOG_LEVEL: logLevel.default('info').describe('fatal, error, warn, info, debug, trace or silent.'),
});
/** Every variable that Waybill reads, but for those that Temporal's own libraries do. */
export type Variables = z.infer<typeof variables>;

/** Throws {@link ConfigError}, which names the variable. */
export function readVariables(env: Env): Variables {
  // An empty variable is an unset one: compose files and CI pass those.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new ConfigError(String(issue?.path[0]), issue?.message ?? 'is not valid');
}
