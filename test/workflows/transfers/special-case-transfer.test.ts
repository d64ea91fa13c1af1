import { describe, expect, it, vi } from 'vitest';
import { timelineQuery } from '../../../contract/command-messages.ts';
import type { OperationOutcome } from '../../../contract/operations.ts';
import { ATTENTION_CODE, NEEDS_ATTENTION } from '../../../contract/search-attribute-keys.ts';
import { stripeAnswersSignal, stripeEventSignal } from '../../../contract/stripe-events.ts';
import { payTransferUpdate, transferMemoryQuery } from '../../../contract/transfers.ts';
import { messageOf } from '../../../domain/commands/define-command.ts';
import { COMMAND_REFUSED } from '../../../domain/errors.ts';
import { envelope, NOW, transfer } from '../../support/builders.ts';
import { refusalOf, resolve, useOrderBench, WITHIN } from '../../support/order-bench.ts';
import { refused } from '../../support/scripted-stripe.ts';
import { PAY, payTransfer, reversedAtStripe, reversePaid } from '../../support/transfer-bench.ts';

const bench = useOrderBench();

const pay = (id: string) => payTransfer(bench, id);

async function payAndGetStuck(id: string) {
  bench.stripe.of(id).steps.push({ attention: 'balance_unavailable' });
  return pay(id);
}

describe('a special-case transfer with no order', () => {
  it('is paid once, and its workflow ends', async () => {
    const { paid, handle, stripe } = await pay('paid');
    const expected = {
      status: 'paid',
      attention: null,
      transfer: { amount: 500, destination: 'acct_seller' },
    };
    expect(paid).toMatchObject({ result: { outcome: 'done' }, state: expected });
    expect(await handle.result()).toMatchObject(expected);
    expect(stripe.calls).toMatchObject([
      { operation: 'transfer', charge: null, amount: 500, description: 'bonus' },
    ]);
  });

  it('fails when Stripe refuses it, so that its id is free', async () => {
    bench.stripe.of('refused').steps.push({ answer: refused });
    const { paid, handle } = await pay('refused');
    expect(paid.result).toMatchObject({ outcome: 'refused', problem: { code: 'stripe_refused' } });
    await expect(handle.result()).rejects.toMatchObject({ cause: { type: COMMAND_REFUSED } });
  });

  it('is paid once though the first answer was lost', async () => {
    bench.stripe.of('lost').steps.push({ lost: 'after' });
    const { paid, stripe } = await pay('lost');
    expect(paid.result.outcome).toBe('done');
    expect(stripe.effects.size).toBe(1);
    expect(new Set(stripe.calls.map(({ generation }) => generation))).toEqual(new Set([0]));
  });

  it('is refused under an existing transfer’s id', async () => {
    const { handle } = await payAndGetStuck('exists');
    const update = handle.executeUpdate(payTransferUpdate, { args: [], updateId: 'cmd_other' });
    expect(await refusalOf(update)).toMatchObject({ code: 'transfer_exists', param: 'id' });
  });
});

describe('a stuck transfer', () => {
  it('is shown where operators look, and paid by a retry', async () => {
    const { paid, handle, decide } = await payAndGetStuck('stuck');
    expect(paid).toMatchObject({
      result: { outcome: 'needs_attention' },
      state: {
        status: 'pending',
        attention: { operation: 'transfer', code: 'balance_unavailable', destination: 'acct_seller' },
      },
    });
    const shown = (await handle.describe()).typedSearchAttributes;
    expect([shown.get(NEEDS_ATTENTION), shown.get(ATTENTION_CODE)]).toEqual([true, 'balance_unavailable']);
    expect(await decide('resolve-1', resolve('retry'))).toMatchObject({
      result: { outcome: 'done' },
      state: { status: 'paid', attention: null },
    });
    expect(await handle.result()).toMatchObject({ status: 'paid' });
    const cleared = (await handle.describe()).typedSearchAttributes;
    expect(cleared.get(NEEDS_ATTENTION)).toBe(false);
  });

  it('is abandoned by an operator, and nothing was paid', async () => {
    const { handle, decide, stripe } = await payAndGetStuck('given-up');
    expect((await decide('resolve-1', resolve('abandon'))).result.outcome).toBe('done');
    expect(await handle.result()).toMatchObject({ status: 'abandoned', transfer: null, attention: null });
    expect(stripe.effects.size).toBe(0);
  });

  it('is done when Stripe shows it, and not by another object', async () => {
    const { decide, handle, stripe } = await payAndGetStuck('shown');
    const made = transfer({ id: 'tr_seen', amount: 500 });
    const effect: OperationOutcome = { type: 'transfer', transfer: made, stripeRequestId: 'req_late' };
    stripe.effects.set(PAY.commandId, effect);
    expect((await decide('resolve-1', resolve('mark_done', 'tr_wrong'))).result).toMatchObject({
      outcome: 'refused',
      problem: { param: 'stripe_id' },
    });
    expect((await decide('resolve-2', resolve('mark_done', 'tr_seen'))).result.outcome).toBe('done');
    expect(await handle.result()).toMatchObject({ status: 'paid', transfer: { id: 'tr_seen' } });
  });

  it('refuses a bad decision, and stays healthy', async () => {
    const { decide, handle } = await payAndGetStuck('nonsense');
    const nonsense = { kind: 'resolve', action: 'shrug', reason: 'because' } as never;
    expect(await refusalOf(decide('resolve-1', nonsense))).toMatchObject({ param: 'action' });
    expect(await refusalOf(decide('resolve-2', resolve('mark_done')))).toMatchObject({ param: 'stripe_id' });
    for (const body of [
      undefined,
      null,
      {},
      { request_id: 'a', actor: 'ada', action: 'shrug', reason: 'x' },
    ]) {
      await handle.signal('resolve', body);
    }
    const { entries } = await handle.query(timelineQuery);
    expect(entries.filter(({ name }) => name === 'resolve refused')).toHaveLength(5);
    await handle.signal('resolve', {
      request_id: 'ticket-1',
      actor: 'ada',
      action: 'retry',
      reason: 'up again',
    });
    expect(await handle.result()).toMatchObject({ status: 'paid' });
  });

  it('is not stopped by a cancel request from Temporal’s UI', async () => {
    const { decide, handle } = await payAndGetStuck('undisturbed');
    await handle.cancel();
    expect((await decide('resolve-1', resolve('retry'))).result.outcome).toBe('done');
    expect(await handle.result()).toMatchObject({ status: 'paid' });
  });
});

describe('a transfer that was paid', () => {
  async function paid(id: string) {
    const { handle } = await pay(id);
    await handle.result();
  }

  it('is reopened for a reversal, remembers what came before, and stays paid', async () => {
    await paid('reversed');
    const { reversed, handle, stripe } = await reversePaid(bench, 'reversed', 'reverse-1');
    expect(reversed).toMatchObject({
      result: { outcome: 'done' },
      state: { status: 'paid', transfer: { amount: 500 } },
    });
    expect(await handle.result()).toMatchObject({ status: 'paid', attention: null });
    expect(stripe.calls).toMatchObject([
      { operation: 'transfer' },
      { operation: 'reverse_transfer', operationId: 'reverse-1', amount: 100, reason: 'paid twice' },
    ]);
    const { entries } = await handle.query(timelineQuery);
    expect(entries.map(({ name }) => name)).toEqual([
      'pay',
      'transfer',
      'paid',
      'reverse_transfer',
      'reverse_transfer',
    ]);
    const { commands } = await handle.query(transferMemoryQuery);
    expect(commands.map(({ commandId }) => commandId)).toEqual([PAY.commandId, 'reverse-1']);
  });

  it('answers a reversal that an earlier run refused as before, and asks Stripe for nothing', async () => {
    await paid('asked-twice');
    bench.stripe.of('asked-twice').steps.push({ answer: refused });
    const reverse = async (commandId: string) => {
      const { reversed, handle } = await reversePaid(bench, 'asked-twice', commandId);
      await handle.result();
      return reversed?.result;
    };
    const first = await reverse('reverse-1');
    // Temporal itself answers an update again that the last run has answered.
    await reverse('reverse-2');
    expect(await reverse('reverse-1')).toEqual(first);
    const { calls } = bench.stripe.of('asked-twice');
    expect(calls.map(({ operationId }) => operationId)).toEqual([PAY.commandId, 'reverse-1', 'reverse-2']);
  });

  it('stays paid, and its id taken, when Stripe refuses the reversal', async () => {
    await paid('irreversible');
    bench.stripe.of('irreversible').steps.push({ answer: refused });
    const { reversed, handle } = await reversePaid(bench, 'irreversible', 'reverse-1');
    expect(reversed?.result).toMatchObject({ outcome: 'refused', problem: { code: 'stripe_refused' } });
    expect(await handle.result()).toMatchObject({ status: 'paid' });
    expect((await handle.describe()).status.name).toBe('COMPLETED');
  });

  it('stays paid when a stuck reversal is abandoned, and takes no other meanwhile', async () => {
    await paid('kept');
    bench.stripe.of('kept').steps.push({ attention: 'balance_insufficient' });
    const { reversed, handle, decide } = await reversePaid(bench, 'kept', 'reverse-1');
    expect(reversed).toMatchObject({
      result: { outcome: 'needs_attention' },
      state: { status: 'paid', attention: { operation: 'reverse_transfer' } },
    });
    const args: [unknown] = [messageOf(envelope('reverse-2'), {})];
    const other = handle.executeUpdate('reverse', { args, updateId: 'reverse-2' });
    expect(await refusalOf(other)).toMatchObject({ code: 'needs_attention' });
    expect((await decide('resolve-1', resolve('abandon'))).result.outcome).toBe('done');
    expect(await handle.result()).toMatchObject({ status: 'paid', attention: null });
  });
});

describe('a transfer that somebody reversed at Stripe', () => {
  const reversal = (id: string) => ({ id, amount: 50, currency: 'usd', createdAt: NOW });
  type Read = { query: (query: typeof timelineQuery) => Promise<{ entries: readonly object[] }> };
  const atStripe = async (handle: Read) =>
    (await handle.query(timelineQuery)).entries.filter(
      (entry) => 'actor' in entry && entry.actor === 'stripe',
    );

  it('asks for somebody while it cannot read that, and notes each reversal once it can', async () => {
    await (await pay('unread')).handle.result();
    bench.stripe.reversals = { unreadable: 'permission_denied' };
    const handle = await reversedAtStripe(bench, 'unread');
    await vi.waitFor(async () => {
      const shown = (await handle.describe()).typedSearchAttributes;
      expect(shown.get(ATTENTION_CODE)).toBe('reading_failed');
    }, WITHIN);
    bench.stripe.reversals = [reversal('trr_b'), reversal('trr_a')];
    await handle.signal(stripeAnswersSignal);
    expect(await handle.result()).toMatchObject({
      status: 'paid',
      unreadable: null,
      reversals: [{ id: 'trr_b' }, { id: 'trr_a' }],
    });
    expect(await atStripe(handle)).toMatchObject([
      { type: 'event', name: 'transfer.reversed', stripeId: 'evt_1' },
      { type: 'event', name: 'transfer_reversal', stripeId: 'trr_a', detail: '0.50 USD' },
      { type: 'event', name: 'transfer_reversal', stripeId: 'trr_b' },
    ]);
    expect((await handle.describe()).typedSearchAttributes.get(NEEDS_ATTENTION)).toBe(false);
  });

  it('takes its own stuck reversal for its own, which it reads after that has ended', async () => {
    await (await pay('both')).handle.result();
    bench.stripe.of('both').steps.push({ attention: 'balance_insufficient' });
    const { handle, decide } = await reversePaid(bench, 'both', 'reverse-1');
    bench.stripe.reversals = [reversal('trr_theirs'), reversal('trr_1')];
    await handle.signal(stripeEventSignal, { eventId: 'evt_2', eventType: 'transfer.reversed' });
    expect((await decide('resolve-1', resolve('retry'))).state.reversals).toMatchObject([{ id: 'trr_1' }]);
    expect(await handle.result()).toMatchObject({ reversals: [{ id: 'trr_theirs' }, { id: 'trr_1' }] });
    expect(await atStripe(handle)).toMatchObject([{ stripeId: 'evt_2' }, { stripeId: 'trr_theirs' }]);
  });
});
