import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import pMap from 'p-map';
import type { AccountNotice } from '../../domain/orders/account-notice.ts';
import { ACCOUNT_NOTICE_SIGNAL } from '../../domain/orders/account-notice.ts';
import { workflowsOfAuthorizedOrders } from '../../stripe-events/find-account.ts';
import type { ActivityDeps } from '../shared/deps.ts';

/** Thousands of orders within one attempt, and no burst for Temporal. */
const SIGNALS_AT_ONCE = 20;
/** How many signals may be sent again because the attempt that sent them ended before it noted them. */
const NOTED_EVERY = 100;
/** More failures than single orders have: Temporal itself is in trouble, and the next attempt goes on. */
const FAILURES_MAX = 100;

/** How far the attempts before this one came. Workflow ids. */
interface Signaled {
  /** All up to this one, in the order of ids, but for those that failed. */
  readonly upTo: string;
  readonly failed: readonly string[];
}

interface Failed {
  readonly id: string;
  readonly error: unknown;
}

/**
 * Signals every order of the account that waits for its capture; one that cannot be signaled now keeps none of the others from it.
 * One that visibility does not show yet is not lost: Stripe itself refuses its capture, and then it needs attention too.
 *
 * No batch operation of the server's: a namespace runs one at a time by default, so that accounts which are restricted on the same
 * day would wait for each other, and an old notice could arrive after a new one.
 */
export async function signalOpenOrders(
  { temporal, progress }: Pick<ActivityDeps, 'temporal' | 'progress'>,
  notice: AccountNotice,
): Promise<void> {
  const before = (progress.known() as Signaled | undefined) ?? { upTo: '', failed: [] };
  const open = (await workflowsOfAuthorizedOrders(temporal, notice.account)).sort();
  const ahead = open.filter((id) => id > before.upTo);
  const failed = await signalAll(temporal, before.failed, notice);
  const note = (upTo: string) =>
    progress.note({ upTo, failed: failed.map(({ id }) => id) } satisfies Signaled);
  note(before.upTo);
  for (let next = 0; next < ahead.length && failed.length <= FAILURES_MAX; next += NOTED_EVERY) {
    const some = ahead.slice(next, next + NOTED_EVERY);
    failed.push(...(await signalAll(temporal, some, notice)));
    note(some.at(-1) ?? before.upTo);
  }
  if (failed[0]) throw failed[0].error;
}

async function signalAll(
  { workflow }: Client,
  ids: readonly string[],
  notice: AccountNotice,
): Promise<Failed[]> {
  const failed: Failed[] = [];
  await pMap(
    ids,
    async (id) => {
      try {
        await workflow.getHandle(id).signal(ACCOUNT_NOTICE_SIGNAL, notice);
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) failed.push({ id, error });
      }
    },
    { concurrency: SIGNALS_AT_ONCE },
  );
  return failed;
}
