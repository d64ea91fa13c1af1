import { describe, expect, it } from 'vitest';
import { confine } from '../../api/backend/confine.ts';
import { commandIdOf, digestOf } from '../../api/http/idempotency.ts';
import type { Attention } from '../../domain/attention/attention.ts';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import { problem } from '../../domain/errors.ts';
import { payoutIdFromDigest, transferIdFromDigest } from '../../domain/ids.ts';
import type { Order } from '../../domain/orders/order.ts';
import { ORDER_COMMANDS } from '../../domain/orders/order-command-table.ts';
import { refusalOf } from '../../domain/orders/refusals.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { ACCOUNT, AUTHORIZED, CAPTURED, orderIn, REFUND } from './fixtures.ts';

const ENDPOINT = { method: 'post', path: '/v1/orders/{id}/refunds', role: 'ops' } as const;
const headers = { 'Idempotency-Key': 'k', Prefer: { seconds: 10, asked: false } };
type Fields = Readonly<Record<string, unknown>>;
const TRANSFER = {
  ...{ id: 'tr_1', operationId: null, amount: 100, currency: 'usd', destination: ACCOUNT },
  ...{ description: null, createdAt: 0, platform: null, connected: {} },
};
const asked = { actor: 'helpdesk', params: { id: 'order-1' }, query: {}, headers, body: {} };

/** The body that goes on of a refund of all that is left, by a key for at most 5.00 USD. */
function confined(order: Order): Promise<Readonly<Record<string, unknown>>> {
  const deps = { orders: { read: async () => order }, stripeReads: { spend() {} } };
  return confine(deps as never, { refund_max: { usd: 500 } }, ENDPOINT, asked);
}

describe('a refund of all that is left, by a key with a limit', () => {
  it('is of the amount that was compared with the limit', async () => {
    const order = orderIn(CAPTURED, { refunds: [{ ...REFUND, amount: 600 }] });
    expect(await confined(order)).toEqual({ amount: 400 });
  });

  it('moves nothing where nothing was left to compare, and the order is captured or a refund fails meanwhile', async () => {
    const body = await confined(orderIn(AUTHORIZED));
    const { value } = ORDER_COMMANDS.refund.read(body);
    expect(value && refusalOf(orderIn(CAPTURED), value, 0)).toMatchObject({ code: 'money_rule' });
    const refunded = await confined(orderIn(CAPTURED, { refunds: [{ ...REFUND, amount: 1000 }] }));
    expect(refunded).toEqual(body);
  });

  it('goes on as it came once it was made: its repeat asks for the first answer', async () => {
    const operationId = commandIdOf(asked as never, 'order-1');
    const failed = { ...REFUND, amount: 400, operationId, status: 'failed' } as const;
    expect(await confined(orderIn(CAPTURED, { refunds: [failed] }))).toEqual({});
  });
});

describe('a refund or transfer of a key whose limit became lower', () => {
  const stored = { operationId: commandIdOf(asked as never, 'order-1') };
  const inFlight = commandIdOf({ ...asked, headers: { 'Idempotency-Key': 'in flight' } }, 'order-1');
  const order = orderIn(CAPTURED, {
    refunds: [{ ...REFUND, amount: 600, ...stored }],
    transfers: [{ ...TRANSFER, amount: 600, ...stored }],
  });
  const repeat = (path: string, key = 'k') => {
    const body = { amount: 600 };
    const knows = async (_: string, commandId: string) => commandId === inFlight;
    const waited = commandIdOf({ ...asked, headers: { 'Idempotency-Key': 'not accepted yet' } }, 'order-1');
    const deps = {
      orders: { read: async () => order, knows },
      inFlight: { has: (commandId: string) => commandId === waited },
      stripeReads: { spend() {} },
    };
    const scope = { refund_max: { usd: 500 }, transfer_max: { usd: 500 } };
    const again = { ...asked, headers: { ...headers, 'Idempotency-Key': key }, body };
    return confine(deps as never, scope, { ...ENDPOINT, path: `/v1/orders/{id}/${path}` }, again);
  };

  it.each(['refunds', 'transfers'])(
    'goes on where its repeat asks for the first answer: %s',
    async (path) => {
      expect(await repeat(path)).toEqual({ amount: 600 });
      expect(await repeat(path, 'in flight')).toEqual({ amount: 600 });
      await expect(repeat(path, 'another')).rejects.toThrow('at most 5.00 USD');
    },
  );

  it.each(['refunds', 'transfers'])(
    'waits for the first answer where the order has not accepted it yet: %s',
    async (path) => {
      await expect(repeat(path, 'not accepted yet')).rejects.toMatchObject({
        problem: { code: 'idempotency_key_in_use' },
      });
    },
  );
});

describe('a transfer or payout without an order, of a key whose limit became lower', () => {
  const key = { actor: 'helpdesk', headers: { 'Idempotency-Key': 'k' } };
  const made = {
    transfer: transferIdFromDigest(digestOf(key, 'transfers')),
    payout: payoutIdFromDigest(digestOf(key, 'payouts')),
  };
  const absent = () => Promise.reject(new ProblemError(problem('not_found', 'There is none.')));
  const ask = (path: string, headers: Fields, more: Fields = {}) => {
    const pay = { commandId: commandIdOf(key, 'transfers') };
    const deps = {
      transfers: {
        read: async (id: string) => ([made.transfer, 'gift'].includes(id) ? { input: { pay } } : absent()),
      },
      payouts: { read: async (id: string) => (id === made.payout ? {} : absent()) },
      stripeReads: { spend() {} },
    };
    const scope = { transfer_max: { usd: 500 }, payout_max: { usd: 500 } };
    const body = { amount: 600, currency: 'usd', ...more };
    return confine(deps as never, scope, { ...ENDPOINT, path }, { ...asked, params: {}, headers, body });
  };

  it.each([
    ['/v1/transfers', {}],
    ['/v1/transfers', { id: 'gift' }],
    ['/v1/accounts/{id}/payouts', {}],
  ])('goes on where its repeat asks for the first answer: %s %j', async (path, more) => {
    expect(await ask(path, key.headers, more)).toEqual({ amount: 600, currency: 'usd', ...more });
    await expect(ask(path, { 'Idempotency-Key': 'another' }, more)).rejects.toThrow('at most 5.00 USD');
    await expect(ask(`${path}/preview`, {}, more)).rejects.toThrow('at most 5.00 USD');
  });
});

describe('a key for some connected accounts, about a transfer of its own order to another account', () => {
  const THEIRS = { ...TRANSFER, id: 'tr_theirs', destination: 'acct_theirs' };
  const OWN = { ...TRANSFER, id: 'tr_own' };
  const waiting = (id: string, destination?: string) => ({
    ...{ id, what: 'transfer', amount: 600, currency: 'usd', since: 0, expiresAt: 1 },
    command: {
      ...{ kind: 'transfer', amount: 600, description: 'Bonus', destination },
      ...{ commandId: id, requestHash: '', requestId: '', actor: 'ada' },
    },
  });
  const approvals = [waiting('theirs', 'acct_theirs'), waiting('own')] as Order['approvals'];
  const ask = (path: string, params: Fields, body: Fields, more: Partial<Order> = {}) => {
    const order = orderIn(CAPTURED, { transfers: [THEIRS, OWN], approvals, ...more });
    const deps = { orders: { read: async () => order }, stripeReads: { spend() {} } };
    const endpoint = { ...ENDPOINT, path: `/v1/orders/{id}/${path}` };
    const scope = { accounts: [order.terms.connectedAccount] };
    return confine(deps as never, scope, endpoint, { ...asked, params: { id: 'order-1', ...params }, body });
  };

  it('reverses none of it', async () => {
    const path = 'transfers/{transfer}/reversals';
    await expect(ask(path, { transfer: 'tr_theirs' }, {})).rejects.toThrow('acct_theirs');
    await expect(ask(`${path}/preview`, { transfer: 'tr_theirs' }, {})).rejects.toThrow('acct_theirs');
    expect(await ask(path, { transfer: 'tr_own' }, {})).toEqual({});
  });

  it.each(['approve', 'decline'])('does not %s it', async (action) => {
    await expect(ask('resolve', {}, { action, stripe_id: 'theirs' })).rejects.toThrow('acct_theirs');
    await expect(ask('resolve', {}, { action })).rejects.toThrow('acct_theirs');
    const own = { action, stripe_id: 'own' };
    expect(await ask('resolve', {}, own)).toEqual(own);
    const only = approvals.slice(1);
    expect(await ask('resolve', {}, { action }, { approvals: only })).toEqual(own);
  });

  const stuck = (about: Partial<Attention>) => {
    const actions = ['retry', 'retry_with_new_key', 'mark_done', 'abandon'] as const;
    const code = { code: 'no_answer', message: 'No answer.', stripeRequestId: null, since: 0, generation: 0 };
    const attention = { operation: 'transfer', operationId: 'op', ...code, allowedActions: actions } as const;
    return { attention: { ...attention, ...about } };
  };

  it.each(['retry', 'retry_with_new_key', 'mark_done', 'abandon'])(
    'does not %s one that is stuck, nor its reversal',
    async (action) => {
      for (const about of [{ destination: 'acct_theirs' }, { transfer: 'tr_theirs' }]) {
        await expect(ask('resolve', {}, { action }, stuck(about))).rejects.toThrow('acct_theirs');
        await expect(ask('resolve/preview', {}, { action }, stuck(about))).rejects.toThrow('acct_theirs');
      }
      for (const about of [{ destination: ACCOUNT }, { transfer: 'tr_own' }, {}]) {
        expect(await ask('resolve', {}, { action }, stuck(about))).toEqual({ action });
      }
    },
  );

  it('approves nothing that was asked for about a stuck one', async () => {
    const held = {
      ...approvals[1],
      id: 'mark',
      what: 'mark_done',
      command: { kind: 'resolve', action: 'mark_done' },
    };
    const about = { ...stuck({ destination: 'acct_theirs' }), approvals: [held] as never };
    await expect(ask('resolve', {}, { action: 'approve' }, about)).rejects.toThrow('acct_theirs');
  });
});

describe('a key with a limit, about what another one asked for', () => {
  const approval = (what: string, amount: number, id = what) => ({
    ...{ id, what, amount, currency: 'usd', since: 0 },
    command: { kind: what, actor: 'ada' },
  });
  const all = ['refund', 'transfer', 'payout', 'mark_done'].map((what) => approval(what, 501));
  let reads = 0;
  const ask = (path: string, params: Fields, body: Fields, approvals = all, scope: KeyScope = {}) => {
    reads = 0;
    const knows = async (_: string, commandId: string) =>
      [['order-1'], ['transfers', 'transfer-1'], ['payouts', 'wpo_1']].some(
        (names) =>
          commandIdOf({ ...asked, headers: { 'Idempotency-Key': 'before' } }, ...names) === commandId,
      );
    const deps = {
      orders: { read: async () => orderIn(CAPTURED, { approvals } as never), knows },
      transfers: {
        knows,
        read: async () => {
          reads += 1;
          return { approvals, input: { destination: ACCOUNT } };
        },
      },
      payouts: { knows, readOf: async () => ({ approvals, terms: { amount: 501, currency: 'usd' } }) },
      inFlight: { has: () => false },
      accountIds: { of: async () => ACCOUNT },
      stripeReads: { spend() {} },
    };
    const limits = {
      refund_max: { usd: 500 },
      transfer_max: { usd: 500 },
      payout_max: { usd: 500 },
      ...scope,
    };
    const { key = 'k', ...rest } = body;
    const keyed = { ...headers, 'Idempotency-Key': key };
    return confine(
      deps as never,
      limits,
      { ...ENDPOINT, path },
      { ...asked, params, body: rest, headers: keyed },
    );
  };
  const ORDER = '/v1/orders/{id}/resolve';
  const TRANSFER_PATH = '/v1/transfers/{id}/resolve';
  const PAYOUT = '/v1/accounts/{id}/payouts/{payout}/resolve';
  const EACH: readonly [string, string, Fields][] = [
    ['refund', ORDER, { id: 'order-1' }],
    ['transfer', TRANSFER_PATH, { id: 'transfer-1' }],
    ['payout', PAYOUT, { id: ACCOUNT, payout: 'wpo_1' }],
  ];

  it.each([...EACH, ['transfer', `${ORDER}/preview`, { id: 'order-1' }] as const])(
    'approves no %s above it (%s)',
    async (what, path, params) => {
      const approve = { action: 'approve', stripe_id: what };
      await expect(ask(path, params, approve)).rejects.toThrow(`at most 5.00 USD (${what}_max)`);
      const only = [approval(what, 501)];
      await expect(ask(path, params, { action: 'approve' }, only)).rejects.toThrow('at most 5.00 USD');
      const decline = { action: 'decline', stripe_id: what };
      expect(await ask(path, params, decline)).toEqual(decline);
    },
  );

  it.each(EACH)(
    'is asked which one where several wait, and decides on no other than was compared: %s (%s)',
    async (what, path, params) => {
      for (const action of ['approve', 'decline']) {
        await expect(ask(path, params, { action })).rejects.toThrow('Several wait for approval');
        await expect(ask(path, params, { action }, [])).rejects.toThrow('Nothing waits for approval');
        const small = [approval(what, 500, 'cmd_small')];
        expect(await ask(path, params, { action }, small)).toEqual({ action, stripe_id: 'cmd_small' });
      }
    },
  );

  it.each(EACH)(
    'gets the first answer again, whatever waits or is allowed now: %s (%s)',
    async (what, path, params) => {
      const repeat = { action: 'approve', key: 'before' };
      for (const approvals of [all, [], [approval(what, 501)]]) {
        expect(await ask(path, params, repeat, approvals)).toMatchObject({ action: 'approve' });
      }
    },
  );

  it('reads a transfer once', async () => {
    const [only] = [[approval('transfer', 400)]];
    await ask(TRANSFER_PATH, { id: 'transfer-1' }, { action: 'approve' }, only, { accounts: [ACCOUNT] });
    expect(reads).toBe(1);
  });

  it('makes no failed payout above it again, and decides on what moves nothing', async () => {
    const params = { id: ACCOUNT, payout: 'wpo_1' };
    await expect(ask(PAYOUT, params, { action: 'retry' })).rejects.toThrow('payout_max');
    expect(await ask(PAYOUT, params, { action: 'retry', key: 'before' })).toEqual({ action: 'retry' });
    for (const body of [{ action: 'approve', stripe_id: 'mark_done' }, { action: 'abandon' }]) {
      expect(await ask(PAYOUT, params, body)).toEqual(body);
      expect(await ask(ORDER, { id: 'order-1' }, body)).toEqual(body);
    }
  });
});

describe('a schedule by which Stripe pays out', () => {
  const set = (scope: KeyScope, interval: string) => {
    const endpoint = { ...ENDPOINT, path: '/v1/accounts/{id}/payout_schedule' };
    return confine({} as never, scope, endpoint, { ...asked, params: { id: ACCOUNT }, body: { interval } });
  };

  it.each<[string, KeyScope]>([
    ['payout_max', { payout_max: { usd: 500 } }],
    ['per_day', { per_day: { payout: { count: 0 } } }],
  ])('is not set by a key whose payouts are limited: %s', async (_, scope) => {
    await expect(set(scope, 'daily')).rejects.toThrow("This key's payouts are limited");
    expect(await set(scope, 'manual')).toEqual({ interval: 'manual' });
  });

  it('is set by any other', async () => {
    for (const scope of [{}, { refund_max: {} }, { per_day: { refund: { count: 1 } } }]) {
      expect(await set(scope, 'daily')).toEqual({ interval: 'daily' });
    }
  });
});
