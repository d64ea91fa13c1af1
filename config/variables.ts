import { z } from 'zod';
import { ConfigError } from './secrets.ts';

/** Variables by name, as `process.env` has them. */
export type Env = Readonly<Record<string, string | undefined>>;

const port = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().min(1).max(65_535).default(fallback);
const amount = (fallback: number) =>
  z.coerce.number({ error: 'must be a number' }).int().positive().default(fallback);
const list = z
  .string()
  .default('')
  .transform((value) => value.split(/[,\n]/).flatMap((item) => item.trim() || []));
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) URL' });
const hostAndPort = z.string().regex(/^.+:\d{1,5}$/, 'must be host:port');
const logLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);
export type LogLevel = z.infer<typeof logLevel>;

const variables = z.object({
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port(3000),
  SANDBOX_HOST: z.string().default('127.0.0.1'),
  SANDBOX_PORT: port(12_111),
  SANDBOX_PUBLIC_URL: httpUrl.optional(),
  SANDBOX_WEBHOOK_URL: httpUrl.optional(),
  TEMPORAL_PORT: port(7233),
  TEMPORAL_UI_PORT: port(8233),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^[sr]k_(test|live)_/, 'must start with sk_test_, sk_live_, rk_test_ or rk_live_')
    .optional(),
  STRIPE_API_BASE: httpUrl.optional(),
  STRIPE_PUBLISHABLE_KEY: z
    .string()
    .regex(/^pk_(test|live)_/, 'must start with pk_test_ or pk_live_')
    .optional(),
  STRIPE_CLIENT_ID: z.string().regex(/^ca_/, 'must start with ca_').optional(),
  STRIPE_CONNECT_BASE: httpUrl.optional(),
  STRIPE_WEBHOOK_SECRETS: list,
  WAYBILL_API_KEYS: list,
  WAYBILL_STATE_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  WAYBILL_EVENTS_KEY: z.string().min(32, 'must have at least 32 characters').optional(),
  WAYBILL_EVENTS_GIVE_UP_HOURS: amount(72),
  WAYBILL_REQUESTS_PER_MINUTE: amount(120_000),
  WAYBILL_ANONYMOUS_REQUESTS_PER_MINUTE: amount(600),
  WAYBILL_STRIPE_READS_PER_MINUTE: amount(1_200),
  WAYBILL_TRUSTED_PROXIES: list,
  WAYBILL_HOME: z.string().default('.waybill'),
  WAYBILL_TASK_QUEUE: z.string().default('waybill'),
  WAYBILL_SYNC_SECONDS: amount(30),
  WAYBILL_RECONCILE_MINUTES: amount(60),
  WAYBILL_RECONCILE_DAYS: amount(30),
  WAYBILL_RETRY_BUDGET_SECONDS: amount(900),
  WAYBILL_LOOK_BEFORE_CREATE: z.stringbool({ error: 'must be true or false' }).default(true),
  WAYBILL_ORDER_OPEN_DAYS: amount(180),
  WAYBILL_UNPAID_ORDER_DAYS: amount(7),
  WAYBILL_CAPTURE_WARNING_HOURS: amount(24),
  WAYBILL_REAUTHORIZE_HOURS: amount(36),
  WAYBILL_REAUTHORIZE_DAYS: amount(90),
  WAYBILL_ON_DISPUTE_LOST: z.enum(['recover', 'bear']).default('bear'),
  WORKER_METRICS_ADDRESS: hostAndPort.optional(),
  WORKER_HEALTH_ADDRESS: hostAndPort.optional(),
  LOG_LEVEL: logLevel.default('info'),
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
