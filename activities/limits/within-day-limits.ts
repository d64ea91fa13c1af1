import { WithStartWorkflowOperation, WorkflowNotFoundError } from '@temporalio/client';
import type { DayBookInput } from '../../contract/day-books.ts';
import { BOOK_USED_MS, DAY_BOOK_WORKFLOW, giveBackSignal, takeUpdate } from '../../contract/day-books.ts';
import type { OperationOutcome, StripeOperation } from '../../contract/operations.ts';
import type { Problem } from '../../domain/errors.ts';
import { dayBookWorkflowId } from '../../domain/ids.ts';
import type { Take } from '../../domain/limits/day-book.ts';
import type { DayLimit } from '../../domain/limits/day-limits.ts';
import { utcDay } from '../../domain/rfc3339.ts';
import type { ActivityDeps } from '../shared/deps.ts';
import type { Handlers } from '../shared/run-once.ts';
import { retryableRead, runOnce } from '../shared/run-once.ts';
import type { MoneyOutOperation, Outflow } from './movements.ts';
import { movementOf, movesMoneyOut } from './movements.ts';

/** A book in which a movement counts, and what its owner may move. */
interface Book extends DayBookInput {
  readonly limit: DayLimit;
}

/** How long Temporal and a worker may take to count. */
const COUNT_WITHIN_MS = 10_000;

/**
 * Runs an operation once. What moves money out is counted before Stripe is asked, and not made where it is too much for the day; what
 * Stripe refused counts for nothing. An unknown outcome stays counted.
 */
export async function runWithinDayLimits(
  deps: ActivityDeps,
  operation: StripeOperation,
  handlers: Handlers,
): Promise<OperationOutcome> {
  const run = (how: Handlers) => runOnce(operation, deps.now(), how);
  if (!movesMoneyOut(operation) || !isLimited(deps, operation)) return run(handlers);
  let books: readonly Book[] = [];
  const id = countedAs(operation);
  const outcome = await run({
    ...handlers,
    call: async (idempotencyKey) => {
      const movement = await retryableRead(() => movementOf(deps.stripe, operation));
      books = booksOf(deps, operation, movement);
      const refusal = await takeFromAll(deps, books, { id, ...movement });
      if (refusal === null) return handlers.call(idempotencyKey);
      // An earlier attempt counted on the day before, and may have taken effect.
      const found = await retryableRead(handlers.findEffect);
      if (found) return found;
      return { type: 'refused', problem: refusal, payment: null, stripeRequestId: null };
    },
  });
  if (movedNothing(outcome)) await giveBackTo(deps, books, id);
  return outcome;
}

function isLimited({ accountLimits }: ActivityDeps, { operation, perDay }: MoneyOutOperation): boolean {
  return (accountLimits[operation] ?? perDay?.limits[operation]) !== undefined;
}

function booksOf(
  { accountLimits, now }: ActivityDeps,
  { operation, perDay, requestedAt }: MoneyOutOperation,
  { account }: Outflow,
): readonly Book[] {
  // What comes later than its day's book is counted in is counted on the day on which it comes.
  const isInTime = utcDay(now() - BOOK_USED_MS) <= utcDay(requestedAt);
  const day = utcDay(isInTime ? requestedAt : now());
  const owned = (kind: 'key' | 'account', name: string | null, limit: DayLimit | undefined) =>
    name === null || limit === undefined ? [] : [{ owner: { kind, name }, day, limit }];
  return [
    ...owned('key', perDay?.key ?? null, perDay?.limits[operation]),
    ...owned('account', account, accountLimits[operation]),
  ];
}

/**
 * A payout that failed and is made again counts once a day. An operation's id may be that of another order's, too: signals to several may have
 * one request id, and a caller may use its key for several transfers.
 */
function countedAs(operation: MoneyOutOperation): string {
  return operation.operation === 'payout'
    ? operation.payoutId
    : `${operation.orderId} ${operation.operationId}`;
}

/** A payout that waits for funds is counted when it is made. */
function movedNothing({ type }: OperationOutcome): boolean {
  return type === 'refused' || type === 'funds_missing';
}

async function takeFromAll(
  deps: ActivityDeps,
  books: readonly Book[],
  { account: _, ...take }: Take & Outflow,
): Promise<Problem | null> {
  for (const book of books) {
    const refusal = await takeFrom(deps, book, take);
    if (refusal) return refusal;
  }
  return null;
}

function takeFrom(
  { temporal, taskQueue }: ActivityDeps,
  { limit, owner, day }: Book,
  take: Take,
): Promise<Problem | null> {
  const startWorkflowOperation = new WithStartWorkflowOperation(DAY_BOOK_WORKFLOW, {
    workflowId: dayBookWorkflowId(owner, day),
    taskQueue,
    args: [{ owner, day } satisfies DayBookInput],
    workflowIdConflictPolicy: 'USE_EXISTING',
    staticSummary: `What the ${owner.kind} ${owner.name} moved out on ${day}`,
  });
  return temporal.connection.withDeadline(Date.now() + COUNT_WITHIN_MS, () =>
    temporal.workflow.executeUpdateWithStart(takeUpdate, { args: [{ take, limit }], startWorkflowOperation }),
  );
}

async function giveBackTo({ temporal }: ActivityDeps, books: readonly Book[], id: string): Promise<void> {
  for (const { owner, day } of books) {
    try {
      await temporal.workflow.getHandle(dayBookWorkflowId(owner, day)).signal(giveBackSignal, id);
    } catch (error) {
      // The day is over.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
