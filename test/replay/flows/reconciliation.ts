import {
  RECONCILE_WORKFLOW,
  RECONCILIATION_WORKFLOW,
  reconciledSignal,
  reconciliationQuery,
} from '../../../contract/reconciliation.ts';
import type { Findings } from '../../../domain/reconciliation/reconciliation.ts';
import { foundOfTransaction, NOTHING_FOUND } from '../../../domain/reconciliation/reconciliation.ts';
import { NOW } from '../../support/builders.ts';
import { askLong } from '../../support/order-bench.ts';
import type { Flows } from './flow.ts';
import { ended } from './flow.ts';

const ONE_DIFFERENCE = foundOfTransaction(
  { id: 'txn_1', type: 'charge', currency: 'usd', net: 941, createdAt: NOW },
  { standing: 'unexplained', code: 'foreign_payment', orderId: null },
  { expectedSince: NOW },
);

/** Two pages of transactions, one of orders. */
export const BOOKS = {
  reconcileTransactions: async ({ after }: { after: string | null }) =>
    after === null ? { findings: ONE_DIFFERENCE, next: 'txn_1' } : { findings: NOTHING_FOUND, next: null },
  reconcileOrders: async () => ({ findings: NOTHING_FOUND, next: null }),
  reconcileAccounts: async () => ({ findings: NOTHING_FOUND, next: null }),
  reconcileEarlier: async () => NOTHING_FOUND,
  publishReconciliation: async () => undefined,
};

/** The walk over the books, and the workflow that keeps its last report. */
export const RECONCILIATION_FLOWS: Flows = {
  async reconcile({ client, taskQueue }, id) {
    const args = [{ lookBackMs: 1_000_000, pendingMs: 0 }];
    return ended({
      handle: await client.workflow.start(RECONCILE_WORKFLOW, { workflowId: id, taskQueue, args }),
    });
  },
  async reconciliation({ client, taskQueue }, id) {
    const options = { workflowId: id, taskQueue, args: [], signal: reconciledSignal };
    const report = (to: number, findings: Findings) => ({ from: NOW, to, findings });
    const [differing, well] = [report(NOW, ONE_DIFFERENCE), report(NOW + 1, NOTHING_FOUND)];
    const handle = await client.workflow.signalWithStart(RECONCILIATION_WORKFLOW, {
      ...options,
      signalArgs: [differing],
    });
    await askLong(client, () => handle.query(reconciliationQuery));
    await handle.signal(reconciledSignal, well);
    await askLong(client, () => handle.query(reconciliationQuery));
    return handle;
  },
};
