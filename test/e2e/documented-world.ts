import { vi } from 'vitest';
import { startReceiver } from '../../dev/event-receiver.ts';
import { ensureReconciling } from '../../worker/schedules.ts';
import type { Waybill } from '../support/waybill.ts';
import { request } from '../support/waybill.ts';
import { days, earn, seller } from './sellers.ts';
import { control, createOrder, WITHIN } from './support.ts';

const HOUR_MS = 3_600_000;

/** Minor units above which another person has to approve. */
export const APPROVED_ABOVE = 5_000;
export const KEYS = [
  { name: 'dev_ops', role: 'ops', secret: 'dev_ops' },
  { name: 'dev_service', role: 'service', secret: 'dev_service' },
  { name: 'dev_read', role: 'read', secret: 'dev_read' },
  { name: 'bob', role: 'ops', secret: 'secret-of-bob' },
] as const;

export interface DocumentedWorld {
  /** The command with what it names as it is here, once that is there. */
  prepared(command: string): Promise<string>;
  stop(): Promise<void>;
}

/** What the commands of the documents need and do not make themselves, under the names that they use. */
export async function fillDocumentedWorld(waybill: Waybill): Promise<DocumentedWorld> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await request(waybill, 'POST', path, { body, headers });
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const read = async (path: string) => (await request(waybill, 'GET', path)).body;
  const receiver = await startReceiver();
  await post('/v1/event_subscriptions', { url: receiver.url });

  // Money that has reached a bank by itself, and money that may be paid out.
  const [paidDaily, paidByHand] = [await seller(waybill, { schedule: 'daily' }), await seller(waybill)];
  const sale = { amount: 2_000, capture_method: 'automatic', connected_account: paidDaily };
  const { body: paidOut } = await createOrder(waybill, sale);
  await earn(waybill, paidByHand, 2_000);
  const fee = { amount: 20_000, application_fee_amount: 15_000, capture_method: 'automatic' };
  await createOrder(waybill, { ...fee, payment_method: undefined, token: 'tok_bypassPending' });
  await days(waybill, 5);
  const automaticPayout = async () => (await read(`/v1/orders/${paidOut.id}/payouts`)).data[0].payout.id;

  await createOrder(waybill, { id: 'order-19', metadata: { cart: '4711' } });
  await createOrder(waybill, { id: 'order-21', amount: 9_000, capture_method: 'automatic' });
  await post('/v1/orders/order-21/refunds', {}, { authorization: 'Bearer secret-of-bob' });
  const disputed = { payment_method: 'pm_card_createDispute', capture_method: 'automatic' };
  for (const id of ['order-23', 'order-24']) {
    await createOrder(waybill, { id, ...disputed });
    await vi.waitFor(async () => {
      if ((await read(`/v1/orders/${id}`)).dispute === null) throw new Error('not disputed yet');
    }, WITHIN);
  }
  const { body: uncaptured } = await createOrder(waybill, { id: 'order-20' });
  const bonus = { amount: 500, currency: 'usd', destination: paidByHand, description: 'Bonus' };
  await post('/v1/transfers', { id: 'transfer-1', ...bonus });
  // More than it has earned, and less than what waits for approval.
  const unfunded = { amount: 4_900, currency: 'usd', when_available: true };
  const waiting = await post(`/v1/accounts/${paidByHand}/payouts`, unfunded);
  await ensureReconciling(waybill.env.client, {
    taskQueue: 'waybill',
    everyMs: 24 * HOUR_MS,
    lookBackMs: 24 * HOUR_MS,
    pendingMs: 0,
  });
  await post('/v1/reconciliation/runs', {});

  const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
  const preparations: readonly [RegExp, (command: string) => Promise<string>][] = [
    [
      / (payouts orders|recon payout) /,
      async (command) => command.replace(/acct_\w+ po_\w+/, `${paidDaily} ${await automaticPayout()}`),
    ],
    [
      / payouts (cancel|timeline) /,
      async (command) => command.replace(/acct_\w+ wpo_\w+/, `${paidByHand} ${waiting.id}`),
    ],
    [/ payouts create /, async (command) => command.replace(/acct_\w+/, paidByHand)],
    [/ recon statement /, async (command) => command.replace(/\d{4}-\d\d-\d\d/, yesterday)],
    [
      // Only just before: after a minute it looks again, and goes on by itself.
      / orders resolve order-20 .* --yes$/,
      async (command) => {
        const path = `/v1/payment_intents/${uncaptured.payment_intent}/capture`;
        const match = { method: 'POST', path, times: 1_000 };
        await control(waybill, 'faults', { match, effect: { error: 'lock_timeout' } });
        await post('/v1/orders/order-20/capture', {});
        await vi.waitFor(async () => {
          if ((await read('/v1/orders/order-20')).needs_attention === null) throw new Error('not stuck yet');
        }, WITHIN);
        await fetch(`${waybill.sandboxUrl}/_sandbox/faults`, { method: 'DELETE' });
        return command;
      },
    ],
    [/ recon show/, (command) => once('/v1/reports/reconciliation', command)],
    [
      / find /,
      async (command) => once('/v1/orders?metadata[cart]=4711', command, ({ data }) => data.length > 0),
    ],
    [/ events replay /, (command) => once(`/v1/events/${command.split(' ').at(-1)}`, command)],
  ];
  // biome-ignore lint/suspicious/noExplicitAny: each looks into its own answer
  async function once(path: string, command: string, isThere = (_: any) => true): Promise<string> {
    await vi.waitFor(async () => {
      const { status, body } = await request(waybill, 'GET', path);
      if (status !== 200 || !isThere(body)) throw new Error(`${path}: ${status}`);
    }, WITHIN);
    return command;
  }

  return {
    async prepared(command) {
      const [, prepare] = preparations.find(([pattern]) => pattern.test(command)) ?? [];
      return prepare ? prepare(command) : command;
    },
    stop: () => receiver.stop() as Promise<void>,
  };
}
