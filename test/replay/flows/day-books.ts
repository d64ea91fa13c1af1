import { vi } from 'vitest';
import type { DayBookInput } from '../../../contract/day-books.ts';
import { DAY_BOOK_WORKFLOW, giveBackSignal, takeUpdate } from '../../../contract/day-books.ts';
import { dayBookWorkflowId } from '../../../domain/ids.ts';
import type { OrderBench } from '../../support/order-bench.ts';
import { WITHIN } from '../../support/order-bench.ts';
import type { Flows } from './flow.ts';

/** Days that do not end while it is recorded. */
const DAY = '2999-12-31';

/** What a key moves out in a day. */
export const DAY_BOOK_FLOWS: Flows = {
  async 'day-book'(bench, id) {
    const book = await open(bench, id);
    await book.take('r-1', 300);
    await book.take('r-2', 300);
    await book.handle.signal(giveBackSignal, 'r-1');
    await book.take('r-3', 200);
    return book.handle;
  },
  async 'day-book-continued'(bench, id) {
    const book = await open(bench, id);
    const { runId } = await book.handle.describe();
    let taken = 0;
    await vi.waitFor(async () => {
      taken += 1;
      await book.take(`r-${taken}`, 1);
      if ((await book.handle.describe()).runId === runId) throw new Error('in its first run');
    }, WITHIN);
    await book.take('r-1', 1);
    return book.handle;
  },
};

async function open({ client, taskQueue }: OrderBench, id: string) {
  const owner = { kind: 'key', name: id } as const;
  await client.workflow.start(DAY_BOOK_WORKFLOW, {
    workflowId: dayBookWorkflowId(owner, DAY),
    taskQueue,
    args: [{ owner, day: DAY } satisfies DayBookInput],
  });
  // Whichever run it is in.
  const latest = client.workflow.getHandle(dayBookWorkflowId(owner, DAY));
  const take = (takeId: string, amount: number) => {
    const taken = { id: takeId, what: 'refund', amount, currency: 'usd' } as const;
    return latest.executeUpdate(takeUpdate, { args: [{ take: taken, limit: { max: { usd: 500 } } }] });
  };
  return { handle: latest, take };
}
