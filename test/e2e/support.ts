import type { Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';

export { WITHIN } from '../support/within.ts';

/** The US custom account that the sandbox has from the start. */
export const DESTINATION = 'acct_1WaybillUSCustom';

export interface SandboxRequest {
  /** Seconds since 1970. */
  readonly created: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly replayed: boolean;
  readonly idempotency_key: string | null;
  readonly stripe_account: string | null;
  readonly params: Record<string, unknown>;
}

/** What the service asked of Stripe, oldest first. */
export async function sandboxRequests({
  sandboxUrl,
}: Pick<Waybill, 'sandboxUrl'>): Promise<SandboxRequest[]> {
  const response = await fetch(`${sandboxUrl}/_sandbox/requests?limit=1000`);
  const { data } = (await response.json()) as { data: SandboxRequest[] };
  return data;
}

/** The effect of a fault that holds a call back until `endFaults`: longer than any test takes. */
export const HELD_BACK = { delay_ms: 600_000 };

/** The sandbox cannot do what its controls were asked for, as things are. */
export class ControlRefused extends Error {
  override readonly name = 'ControlRefused';
}

/** Sets a fault, or any other control of the sandbox. */
export async function control(
  { sandboxUrl }: Pick<Waybill, 'sandboxUrl'>,
  path: string,
  body: unknown = {},
): Promise<void> {
  const response = await fetch(`${sandboxUrl}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new ControlRefused(`${path}: ${response.status} ${await response.text()}`);
}

/** Radar wants somebody to look at a charge; gives back the review's id. */
export async function putInReview(
  waybill: Pick<Waybill, 'sandboxUrl' | 'stripe'>,
  charge: string,
): Promise<string> {
  await control(waybill, `charges/${charge}/review`);
  return String((await waybill.stripe.charges.retrieve(charge)).review);
}

/** Takes every fault back; a call that one holds back goes on. */
export async function endFaults({ sandboxUrl }: Pick<Waybill, 'sandboxUrl'>): Promise<void> {
  await fetch(`${sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
}

/** Every cent has two sides: the currencies whose ledger does not add up to zero. */
export async function unbalanced(waybill: Pick<Waybill, 'sandboxUrl'>): Promise<string[]> {
  const { sum } = await ledgerOf(waybill);
  return Object.keys(sum).filter((currency) => sum[currency] !== 0);
}

/** What each account of the ledger has in each currency: moves with every cent. */
export async function ledgerBalances(waybill: Pick<Waybill, 'sandboxUrl'>): Promise<readonly object[]> {
  return (await ledgerOf(waybill)).accounts;
}

async function ledgerOf({ sandboxUrl }: Pick<Waybill, 'sandboxUrl'>) {
  const response = await fetch(`${sandboxUrl}/_sandbox/ledger`);
  return (await response.json()) as { accounts: readonly object[]; sum: Record<string, number> };
}

/** A usual order of 10.00 USD, changed as the test needs it. */
export function createOrder(
  waybill: Pick<Waybill, 'apiUrl'>,
  body: Record<string, unknown> = {},
  options: { key?: string; headers?: Record<string, string> } = {},
) {
  return request(waybill, 'POST', '/v1/orders', {
    body: {
      amount: 1000,
      currency: 'usd',
      payment_method: 'pm_card_visa',
      connected_account: DESTINATION,
      ...body,
    },
    ...options,
  });
}

/** Everything at Stripe that a repeat could have made twice, and what every account of the ledger has. */
export async function madeAtStripe(waybill: Waybill) {
  const { stripe } = waybill;
  const lists = await Promise.all([
    stripe.charges.list({ limit: 100 }),
    stripe.refunds.list({ limit: 100 }),
    stripe.transfers.list({ limit: 100 }),
    stripe.paymentIntents.list({ limit: 100 }),
  ]);
  return { ids: lists.map(({ data }) => data.map(({ id }) => id)), balances: await ledgerBalances(waybill) };
}
