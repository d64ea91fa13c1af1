import { z } from 'zod';
import { accountResource } from '../../api/accounts/account-schema.ts';
import { listOf } from '../../api/http/common.ts';
import type { createOrderBody } from '../../api/orders/create-order-schema.ts';
import type { evidenceBody } from '../../api/orders/evidence-schema.ts';
import { type OrderResource, orderResource } from '../../api/orders/order-schema.ts';
import { subscriptionResource } from '../../api/outgoing-events/events-schema.ts';
import {
  type createPayoutBody,
  type PayoutResource,
  payoutResource,
} from '../../api/payouts/payout-schema.ts';
import { type FeeTotalsResource, feeTotalsResource } from '../../api/reports/fees-schema.ts';
import {
  type createTransferBody,
  type TransferResource,
  transferResource,
} from '../../api/transfers/transfer-schema.ts';
import type { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import type { TRANSFER_COMMANDS } from '../../domain/orders/transfer-command-table.ts';
import type { OutgoingEventType } from '../../domain/outgoing-events/event-types.ts';

/** The body of an order's command. */
type OrderInput<Kind extends keyof typeof ORDER_COMMANDS> = z.input<(typeof ORDER_COMMANDS)[Kind]['message']>;

const DAY_MS = 24 * 3_600_000;

const problemDocument = z.object({
  title: z.string(),
  detail: z.string().optional(),
  code: z.string().optional(),
  decline_code: z.string().nullable().optional(),
  order: z.string().optional(),
});

/** An answer that is not a success, with what it says. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly problem: z.infer<typeof problemDocument>;

  constructor(status: number, problem: z.infer<typeof problemDocument>) {
    super(`the API answered ${status}: ${problem.detail ?? problem.title}`);
    this.status = status;
    this.problem = problem;
  }
}

export interface ApiClientOptions {
  url: string;
  /** A key of the role `ops`: it may do all that a service may. */
  key: string;
  /** Orders and idempotency keys are named after it. */
  name: string;
}

/** Longer than a command takes whose worker is killed: Temporal notices that after ten seconds. */
const WAIT_SECONDS = 40;

/** Waybill's API as a backend service would call it. Each answer is held to its schema. */
export class ApiClient {
  readonly #options: ApiClientOptions;
  #commands = 0;

  constructor(options: ApiClientOptions) {
    this.#options = options;
  }

  createOrder(order: z.input<typeof createOrderBody>): Promise<OrderResource> {
    return this.command('/v1/orders', { id: this.#options.name, ...order }, orderResource);
  }

  adopt(paymentIntent: string): Promise<OrderResource> {
    const path = `/v1/orders/${this.#options.name}/adopt`;
    return this.command(path, { payment_intent: paymentIntent }, orderResource);
  }

  /** Has events sent to a URL; with the secret that they are signed with. */
  async subscribe(url: string, events: OutgoingEventType[]): Promise<{ id: string; secret: string }> {
    const made = await this.command('/v1/event_subscriptions', { url, events }, subscriptionResource);
    return { id: made.id, secret: made.secret ?? '' };
  }

  async unsubscribe(id: string): Promise<void> {
    await this.request(`/v1/event_subscriptions/${id}`, { method: 'DELETE' }, subscriptionResource);
  }

  order(id: string): Promise<OrderResource> {
    return this.request(`/v1/orders/${id}`, {}, orderResource);
  }

  confirm({ id }: OrderResource, body: OrderInput<'confirm'>): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/confirm`, body, orderResource);
  }

  capture({ id }: OrderResource, body: OrderInput<'capture'> = {}): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/capture`, body, orderResource);
  }

  cancel({ id }: OrderResource, body: OrderInput<'cancel'> = {}): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/cancel`, body, orderResource);
  }

  refund({ id }: OrderResource, body: OrderInput<'refund'> = {}): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/refunds`, body, orderResource);
  }

  submitEvidence({ id }: OrderResource, body: z.input<typeof evidenceBody>): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/dispute/evidence`, body, orderResource);
  }

  transferFromOrder({ id }: OrderResource, body: OrderInput<'transfer'>): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/transfers`, body, orderResource);
  }

  /** Of the first of its special-case transfers. */
  reverseOrderTransfer(
    { id, transfers: [transfer] }: OrderResource,
    body: z.input<(typeof TRANSFER_COMMANDS)['reverse_transfer']['message']>,
  ): Promise<OrderResource> {
    return this.command(`/v1/orders/${id}/transfers/${transfer?.id}/reversals`, body, orderResource);
  }

  reverseTransfer(
    id: string,
    body: z.input<(typeof TRANSFER_COMMANDS)['reverse_transfer']['message']>,
  ): Promise<TransferResource> {
    return this.command(`/v1/transfers/${id}/reversals`, body, transferResource);
  }

  transfer(body: z.input<typeof createTransferBody>): Promise<TransferResource> {
    return this.command('/v1/transfers', { id: this.#options.name, ...body }, transferResource);
  }

  readTransfer(id: string): Promise<TransferResource> {
    return this.request(`/v1/transfers/${id}`, {}, transferResource);
  }

  payOut(account: string, body: z.input<typeof createPayoutBody>): Promise<PayoutResource> {
    return this.command(`/v1/accounts/${account}/payouts`, body, payoutResource);
  }

  payout({ connected_account: account, id }: PayoutResource): Promise<PayoutResource> {
    return this.request(`/v1/accounts/${account}/payouts/${id}`, {}, payoutResource);
  }

  resolvePayout(
    { connected_account: account, id }: PayoutResource,
    body: OrderInput<'resolve'>,
  ): Promise<PayoutResource> {
    return this.command(`/v1/accounts/${account}/payouts/${id}/resolve`, body, payoutResource);
  }

  feeTotals(): Promise<FeeTotalsResource> {
    // The sandbox's clock runs ahead of this one.
    const [from, to] = [-1, 90].map((days) => new Date(Date.now() + days * DAY_MS).toISOString());
    return this.request(
      `/v1/reports/fees/totals?created[gte]=${from}&created[lt]=${to}`,
      {},
      feeTotalsResource,
    );
  }

  async accounts(): Promise<z.infer<typeof accountResource>[]> {
    const page = await this.request('/v1/accounts?limit=100', {}, listOf(accountResource, 'AccountList'));
    return page.data;
  }

  /** Posts under an Idempotency-Key of its own. */
  command<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    this.#commands += 1;
    const headers = {
      'Content-Type': 'application/json',
      'Idempotency-Key': `demo-${this.#options.name}-${this.#commands}`,
      Prefer: `wait=${WAIT_SECONDS}`,
    };
    return this.request(path, { method: 'POST', headers, body: JSON.stringify(body) }, schema);
  }

  async request<T>(path: string, init: RequestInit, schema: z.ZodType<T>): Promise<T> {
    const { url, key } = this.#options;
    const response = await fetch(`${url}${path}`, {
      ...init,
      headers: { ...init.headers, Authorization: `Bearer ${key}` },
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new ApiProblem(response.status, problemDocument.parse(answer));
    return schema.parse(answer);
  }
}

/** For a scenario that expects a refusal: what the API said. Throws if it did not refuse. */
export async function problemOf(request: Promise<unknown>): Promise<ApiProblem> {
  try {
    await request;
  } catch (error) {
    if (error instanceof ApiProblem) return error;
    throw error;
  }
  throw new Error('The API accepted what it should have refused.');
}
