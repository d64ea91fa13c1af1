import type { Readiness, Waybill } from '@waybill/client';
import { each, WaybillProblem } from '@waybill/client';
import { installationNeeds } from '../installation.ts';
import { money } from '../output.ts';

/** What was found. `unknown`: it could not be looked at. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'wrong' | 'unknown';
  readonly detail: string;
}

export interface Patient {
  readonly waybill: Waybill;
  readonly url: string;
  readonly readMetrics: () => Promise<string | null>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

type Found = readonly [state: Finding['state'], detail: string];
type Check = (patient: Patient) => Promise<Found>;

const SKEW_MAX_MS = 5_000;
const PENDING_SECONDS = 300;
const RECONCILED_WITHIN_MS = 26 * 3_600_000;
const ANSWER_WITHIN_MS = 10_000;
const COUNT_MAX = 100;

/** In the order in which one would look: nothing below works while something above is wrong. */
const CHECKS: Readonly<Record<string, Check>> = {
  API: async ({ url }) => {
    const { status } = await ask(url, '/healthz');
    return status === 200 ? ['ok', url] : ['wrong', `${url}/healthz answers ${status}`];
  },
  Temporal: async ({ url }) => {
    const { temporal } = await readinessOf(url);
    return [temporal === 'reachable' ? 'ok' : 'wrong', temporal];
  },
  Workers: async ({ url }) => {
    const { workers } = await readinessOf(url);
    return [workers === 'polling' ? 'ok' : workers === 'unknown' ? 'unknown' : 'wrong', workers];
  },
  Stripe: async ({ url }) => {
    const { stripe, stripe_problem } = await readinessOf(url);
    return [stripe === 'reachable' ? 'ok' : 'wrong', stripe_problem ?? stripe];
  },
  Clock: async ({ url, now }) => {
    const asked = now();
    const { headers } = await ask(url, '/healthz');
    const skewMs = Math.abs(Date.parse(headers.get('Date') ?? '') - (asked + now()) / 2);
    if (Number.isNaN(skewMs)) return ['unknown', 'the API does not say its time'];
    return [
      skewMs < SKEW_MAX_MS ? 'ok' : 'warning',
      `${(skewMs / 1_000).toFixed(1)} s between here and the API`,
    ];
  },
  'API key': async ({ waybill }) => {
    await waybill.orders.list({ query: { limit: 1 } });
    const isOps = await waybill.eventSubscriptions.list().then(() => true, falseIfForbidden);
    return isOps
      ? ['ok', 'role ops']
      : ['warning', 'its role is below ops: it cannot refund, resolve or replay'];
  },
  'Stripe key': async ({ waybill }) => {
    const { available, livemode } = await waybill.balance.get();
    const amounts = available.map(({ amount, currency }) => money(amount, currency)).join(', ');
    return ['ok', `${livemode ? 'live' : 'test'} mode; the platform has ${amounts || 'nothing'} available`];
  },
  Workflows: async ({ waybill }) => {
    const { data, scanned, has_more } = await waybill.reports.listFailingWorkflows();
    const none = has_more ? `none of the newest ${scanned} fails` : 'none fails';
    return data.length === 0
      ? ['ok', none]
      : ['wrong', `${data.length} fail, such as ${data[0]?.workflow_id}`];
  },
  Attention: async ({ waybill, readMetrics }) => {
    const query = { needs_attention: 'true', limit: COUNT_MAX } as const;
    const orders = await count(each((from) => waybill.orders.list({ query: { ...query, ...from } })));
    const payouts = await count(each((from) => waybill.payouts.list({ query: { ...query, ...from } })));
    const transfers = await count(each((from) => waybill.transfers.list({ query: { ...query, ...from } })));
    const accounts = await count(each((from) => waybill.accounts.list({ query: { ...query, ...from } })));
    const ofInstallation = installationNeeds((await readMetrics()) ?? '');
    const isNothing = orders + payouts + transfers + accounts === 0;
    if (isNothing && ofInstallation === null)
      return ['unknown', 'the metrics do not say it of the installation'];
    const codes = (ofInstallation ?? []).map(({ code }) => code);
    if (isNothing && codes.length === 0) return ['ok', 'nothing needs anybody'];
    const counted = `${orders} orders, ${payouts} payouts, ${transfers} transfers, ${accounts} accounts`;
    return ['warning', `${[counted, ...codes].join(', ')}: waybill attention`];
  },
  Pending: async ({ waybill }) => {
    const query = { 'pending_for[gte]': PENDING_SECONDS, limit: COUNT_MAX };
    const pending = await count(each((from) => waybill.orders.list({ query: { ...query, ...from } })));
    return pending === 0
      ? ['ok', `no order for over ${PENDING_SECONDS} s`]
      : ['warning', `${pending} orders for over ${PENDING_SECONDS} s`];
  },
  Events: async ({ waybill }) => {
    const { data } = await waybill.eventSubscriptions.list();
    const disabled = data.filter(({ status }) => status === 'disabled');
    const [first] = disabled;
    const missing = data.find(({ missed }) => missed);
    if (!first && missing) return ['warning', `${missing.url} misses ${missing.missed?.reason}`];
    if (!first) return ['ok', `${data.length} subscriptions`];
    return ['wrong', `${disabled.length} disabled, such as ${first.url}: ${first.disabled?.reason}`];
  },
  Reconciliation: async ({ waybill, now }) => {
    const report = await waybill.reconciliation.get({ query: { limit: 1 } }).catch(nullIfNone);
    if (report === null) return ['warning', 'none has finished yet: waybill recon run'];
    if (!report.reconciled) return ['wrong', `${report.difference_count} differences: waybill recon show`];
    const age = now() - Date.parse(report.period.to);
    return [
      age < RECONCILED_WITHIN_MS ? 'ok' : 'warning',
      `every cent is explained up to ${report.period.to}`,
    ];
  },
};

/** Each check by itself: one that fails hides none of the others. */
export async function examine(patient: Patient): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const [check, look] of Object.entries(CHECKS)) {
    const [state, detail] = await look(patient).catch(failed);
    findings.push({ check, state, detail });
    // Nothing can be asked then.
    if (check === 'API' && state === 'wrong') return findings;
  }
  return [...findings, ...(await diagnosed(patient))];
}

/** Stripe sends an event to each webhook endpoint. `account`: a connected account that may be marked for that. */
export function testWebhooks({ waybill }: Patient, account: string | undefined): Promise<readonly Finding[]> {
  const body = account === undefined ? {} : { connected_account: account };
  return found('Webhooks', () => waybill.service.testWebhooks({ body }));
}

/** What the service says of itself; only a key of the role ops may ask. */
function diagnosed({ waybill }: Patient): Promise<readonly Finding[]> {
  return found('Diagnostics', () => waybill.service.diagnose());
}

async function found(check: string, ask: () => Promise<{ readonly checks: readonly Finding[] }>) {
  try {
    return (await ask()).checks;
  } catch (error) {
    const [state, detail] = failed(error);
    return [{ check, state, detail }];
  }
}

function nullIfNone(error: unknown): null {
  if (error instanceof WaybillProblem && error.code === 'not_found') return null;
  throw error;
}

function falseIfForbidden(error: unknown): false {
  if (isForbidden(error)) return false;
  throw error;
}

function failed(error: unknown): Found {
  const detail = error instanceof Error ? error.message : String(error);
  return [isForbidden(error) ? 'unknown' : 'wrong', detail];
}

/** To this key's role. */
function isForbidden(error: unknown): boolean {
  return error instanceof WaybillProblem && error.status === 403;
}

function ask(url: string, path: string): Promise<Response> {
  return fetch(`${url}${path}`, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) }).catch((error: Error) => {
    throw new Error(`${url} cannot be reached`, { cause: error });
  });
}

/** A 503 says what is missing in the same words. */
async function readinessOf(url: string): Promise<Readiness> {
  return (await (await ask(url, '/readyz')).json()) as Readiness;
}

async function count(items: AsyncIterable<unknown>): Promise<number> {
  let counted = 0;
  for await (const _ of items) counted += 1;
  return counted;
}
