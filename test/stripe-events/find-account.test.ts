import { type Client, ServiceError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { namedByAuthorizedOrders, workflowsOfAuthorizedOrders } from '../../stripe-events/find-account.ts';
import { GRPC } from '../../temporal/grpc-code.ts';

/** Temporal's visibility with an authorized order for each of these accounts; counts the rows that it was asked for. */
function visibilityOf(accounts: readonly string[]) {
  let rows = 0;
  async function* list({ query }: { query: string }) {
    const [, among = ''] = /ConnectedAccount IN \((.*)\)/.exec(query) ?? [];
    for (const account of accounts) {
      if (!among.split(', ').includes(`'${account}'`)) continue;
      rows += 1;
      yield { typedSearchAttributes: { get: () => account } };
    }
  }
  return { temporal: { workflow: { list } } as unknown as Client, rows: () => rows };
}

const ids = (name: string, count: number) => Array.from({ length: count }, (_, n) => `acct_${name}${n}`);

it('finds every account that an order names, however many orders name another', async () => {
  const busy = Array.from({ length: 5_000 }, () => 'acct_busy');
  const [named, quiet] = [ids('named', 120), ids('quiet', 120)];
  const { temporal } = visibilityOf([...busy, ...named]);
  const asked = ['acct_busy', ...quiet, ...named];
  expect((await namedByAuthorizedOrders(temporal, asked)).toSorted()).toEqual(
    ['acct_busy', ...named].toSorted(),
  );
});

it('reads none of the orders of other accounts, and no more than it needs of its own', async () => {
  const { temporal, rows } = visibilityOf([...ids('other', 5_000), ...Array(5_000).fill('acct_busy')]);
  expect(await namedByAuthorizedOrders(temporal, ['acct_busy', 'acct_quiet'])).toEqual(['acct_busy']);
  expect(rows()).toBeLessThanOrEqual(50);
  expect(await namedByAuthorizedOrders(temporal, [])).toEqual([]);
});

/** Temporal's visibility with one order that runs, and one that somebody has paused; null: an old server, which knows no such status. */
function visibilityWith(paused: string | null): Client {
  async function* list({ query }: { query: string }) {
    const isPaused = query.includes("'Paused'");
    if (isPaused && paused === null) {
      const failure = Object.assign(new Error('unknown ExecutionStatus'), {
        code: GRPC.INVALID_ARGUMENT,
        details: '',
        metadata: {},
      });
      throw new ServiceError('list failed', { cause: failure });
    }
    yield { workflowId: isPaused ? paused : 'order/running' };
  }
  return { workflow: { list } } as unknown as Client;
}

it.each([
  ['those that somebody has paused too', 'order/paused', ['order/running', 'order/paused']],
  ['those that run, on a server that knows no other', null, ['order/running']],
])('finds of an account’s authorized orders %s', async (_, paused, found) => {
  expect(await workflowsOfAuthorizedOrders(visibilityWith(paused), 'acct_1')).toEqual(found);
});
