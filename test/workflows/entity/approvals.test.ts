import { expect, it, vi } from 'vitest';
import { updateOf } from '../../../contract/command-messages.ts';
import { memoryQuery } from '../../../contract/orders.ts';
import { approvalOf } from '../../../domain/commands/approval.ts';
import { messageOf } from '../../../domain/commands/define-command.ts';
import type { Problem } from '../../../domain/errors.ts';
import type { Order } from '../../../domain/orders/order.ts';
import type { OrderCommand } from '../../../domain/orders/order-command-table.ts';
import { ORDER_COMMANDS } from '../../../domain/orders/order-command-table.ts';
import { decide } from '../../../workflows/entity/approvals.ts';
import { attention, envelope, facts } from '../../support/builders.ts';
import { COMMANDS, refusalOf, resolve, useOrderBench, WITHIN } from '../../support/order-bench.ts';

const HOUR_MS = 3_600_000;
/** How many commands may wait for an approval, and how many are remembered once they have ended. */
const WAITING_MAX = 50;
const COMMANDS_MAX = 200;

const bench = useOrderBench();

const captured = (id: string) =>
  bench.create(id, {
    terms: { captureMethod: 'automatic' },
    policy: { approval: { above: { usd: 0 }, withinMs: HOUR_MS } },
  });
const refund = { ...COMMANDS.refund, amount: 1 };

it('no more commands wait for an approval than an order can carry; one more is refused', async () => {
  const order = await captured('asked-much');
  for (let n = 0; n < WAITING_MAX; n++) {
    expect((await order.command(`refund-${n}`, refund)).result.outcome).toBe('needs_approval');
  }
  expect(await refusalOf(order.command('one-more', refund))).toMatchObject({
    code: 'state_conflict',
    detail: '50 commands wait for an approval here. Approve or decline some, then ask again under a new key.',
  });
  expect((await order.order()).approvals).toHaveLength(WAITING_MAX);
});

it('a command that is repeated while it waits waits once, even if the order has forgotten the first request', async () => {
  const order = await captured('asked-again');
  const first = await order.command('refund-1', refund);
  for (let n = 0; n < COMMANDS_MAX; n++) {
    expect(await refusalOf(order.command(`late-${n}`, COMMANDS.capture))).toMatchObject({
      code: 'state_conflict',
    });
  }
  expect(await order.known('refund-1')).toBeNull();
  const { kind: _, ...body } = refund;
  const again = await order.handle.executeUpdate(updateOf<Order>(ORDER_COMMANDS.refund), {
    args: [messageOf(envelope('refund-1'), body)],
    // Temporal, too, no longer knows the first one after continue-as-new.
    updateId: 'after-continue-as-new',
  });
  expect(again.result.outcome).toBe('needs_approval');
  expect(again.state.approvals).toEqual(first.state.approvals);
});

it('a command that waited when its order was terminated is asked for anew once the order is reopened', async () => {
  const before = await captured('asked-and-terminated');
  expect((await before.command('refund-1', refund)).result.outcome).toBe('needs_approval');
  const memory = await before.handle.query(memoryQuery);
  await before.handle.terminate();

  const id = 'asked-and-reopened';
  bench.stripe.of(id).payment = facts('succeeded', { paymentIntent: `pi_${id}`, amountReceived: 1000 });
  const policy = { approval: { above: { usd: 0 }, withinMs: HOUR_MS } };
  const order = await bench.create(id, { adopted: true, memory, commandId: 'cmd_reopen', policy });
  const asked = await order.command('refund-1', refund);
  expect(asked).toMatchObject({
    result: { outcome: 'needs_approval' },
    state: { approvals: [{ id: 'refund_2d1', what: 'refund' }], notices: [{ code: 'approval_needed' }] },
  });
});

it('an approval that meets an order which got stuck meanwhile is refused and not used up: it is given again once that is resolved', async () => {
  const order = await bench.create('approved-while-stuck', {
    terms: { captureMethod: 'automatic' },
    policy: { approval: { above: { usd: 5 }, withinMs: HOUR_MS } },
  });
  await order.command('refund-1', { ...COMMANDS.refund, amount: 100 });
  let answer = () => {};
  order.stripe.held = new Promise((resolved) => {
    answer = resolved;
  });
  order.stripe.steps.push({ attention: 'api_key_expired' });
  const stuck = order.command('transfer-1', { ...COMMANDS.transfer, amount: 1 });
  await vi.waitFor(() => expect(order.stripe.running).toBe(1), WITHIN);
  const { kind: _, ...body } = resolve('approve');
  const approve = (commandId: string) =>
    order.handle.executeUpdate(updateOf<Order>(ORDER_COMMANDS.resolve), {
      args: [messageOf(envelope(commandId, { actor: 'another' }), body)],
      updateId: commandId,
    });
  const early = approve('approve-1');
  await vi.waitFor(
    async () => expect(await order.known('approve-1')).toMatchObject({ outcome: 'running' }),
    WITHIN,
  );
  answer();
  await stuck;
  expect(await refusalOf(early)).toMatchObject({ code: 'needs_attention' });
  expect((await order.order()).approvals).toHaveLength(1);
  await order.command('resolve-1', resolve('retry'));
  await approve('approve-2');
  expect(await order.known('approve-2')).toMatchObject({ outcome: 'done' });
  expect((await order.order()).refunds).toMatchObject([{ amount: 100 }]);
});

it.each(['approve', 'decline'] as const)(
  'nobody can %s after the deadline, though the order was busy when it came',
  async (action) => {
    const command = { ...envelope('refund-1'), ...refund };
    const waiting = { what: 'refund', amount: 1, currency: 'usd', total: 1 };
    const policy = { above: {}, withinMs: 0 };
    const approvals = [approvalOf(command, waiting, policy, Date.now())];
    const [ended, executed, givenUp]: string[][] = [[], [], []];
    const record = {
      approvals,
      note: () => undefined,
      endApproval: () => void approvals.splice(0),
      endCommand: ({ commandId }: { commandId: string }, outcome: string) =>
        ended?.push(`${commandId} ${outcome}`),
    };
    const decision = { ...envelope('decide-1', { actor: 'another' }), ...resolve(action) };
    await decide<OrderCommand>(record as never, decision as never, {
      execute: async ({ commandId }) => void executed?.push(commandId),
      giveUp: ({ commandId }, { detail }) => givenUp?.push(`${commandId}: ${detail}`),
    });
    expect(executed).toEqual([]);
    expect(givenUp).toEqual(['refund-1: Nobody approved this refund in time. Ask for it again.']);
    expect(ended).toEqual(['decide-1 refused']);
    expect(approvals).toEqual([]);
  },
);

it.each([
  ['is carried out while that is stuck', 0, ['mark-1']],
  ['is not about another operation that got stuck later', 1, []],
])('an approved mark_done %s', async (_, laterMs, carriedOut) => {
  const since = Date.now();
  const command = { ...envelope('mark-1'), ...resolve('mark_done', 're_by_hand') } as OrderCommand;
  const stake = { what: 'mark_done', amount: 1000, currency: 'usd', total: 1000 };
  const approvals = [approvalOf(command, stake, { above: {}, withinMs: HOUR_MS }, since)];
  const ended = new Map<string, { outcome: string; problem: Problem | null }>();
  const end = ({ commandId }: { commandId: string }, outcome: string, why: Problem | null = null) =>
    void ended.set(commandId, { outcome, problem: why });
  const record = {
    approvals,
    attention: attention({ since: since + laterMs }),
    note: () => undefined,
    endApproval: () => void approvals.splice(0),
    endCommand: end,
    answer: (commandId: string) => ({ result: ended.get(commandId) }),
  };
  const executed: string[] = [];
  const decision = { ...envelope('decide-1', { actor: 'another' }), ...resolve('approve') };
  await decide<OrderCommand>(record as never, decision as never, {
    execute: async (approved) => {
      executed.push(approved.commandId);
      end(approved, 'done');
    },
    giveUp: (declined, why) => end(declined, 'refused', why),
  });
  expect(executed).toEqual(carriedOut);
  const why =
    laterMs === 0 ? { outcome: 'done' } : { outcome: 'refused', problem: { code: 'state_conflict' } };
  expect([ended.get('mark-1'), ended.get('decide-1')]).toMatchObject([why, why]);
  expect(approvals).toEqual([]);
});
