import {
  allHandlersFinished,
  CancellationScope,
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { DayBookInput } from '../../contract/day-books.ts';
import { BOOK_KEPT_MS, giveBackSignal, takeUpdate } from '../../contract/day-books.ts';
import { DAY_BOOK_INPUT } from '../../domain/commands/workflow-input.ts';
import type { DayBook } from '../../domain/limits/day-book.ts';
import { EMPTY_BOOK, giveBack, movedOut, takeFrom } from '../../domain/limits/day-book.ts';
import { formatMoney } from '../../domain/money/money.ts';
import { refuseNonsense } from '../entity/refuse-nonsense.ts';
import type { Versioned } from '../shared/snapshots.ts';
import { carry, upgrade } from '../shared/snapshots.ts';
import { HOUR_MS, workflowNow } from '../shared/time.ts';

const DAY_MS = 24 * HOUR_MS;

/**
 * Counts what one API key, or one connected account, moves out on one day, so that its limit holds in every process. A cancel request
 * is ignored: the next book of the day would begin with nothing.
 */
export async function dayBook(input: DayBookInput, carried?: Versioned<DayBook>): Promise<void> {
  refuseNonsense(input, DAY_BOOK_INPUT);
  await CancellationScope.nonCancellable(() => keepBook(input, carried));
}

async function keepBook(input: DayBookInput, carried: Versioned<DayBook> | undefined): Promise<void> {
  let book: DayBook = carried ? upgrade('day_book', carried) : EMPTY_BOOK;
  const change = (to: DayBook) => {
    book = to;
    setCurrentDetails(detailsOf(to));
  };
  setHandler(
    takeUpdate,
    ({ take, limit }) => {
      const { book: after, refusal } = takeFrom(book, take, limit, input);
      change(after);
      return refusal;
    },
    { description: 'Internal: counts a movement, or refuses it' },
  );
  setHandler(giveBackSignal, (id) => change(giveBack(book, id)), {
    description: 'Internal: nothing came of it',
  });

  const leftMs = dayStart(input.day) + DAY_MS + BOOK_KEPT_MS - workflowNow();
  const isLong = () => workflowInfo().continueAsNewSuggested;
  const mustContinue = leftMs > 0 && (await condition(isLong, leftMs, { summary: 'The day is over' }));
  await condition(allHandlersFinished);
  if (mustContinue) await continueAsNew<typeof dayBook>(input, carry('day_book', book));
}

function dayStart(day: string): number {
  // biome-ignore lint/style/noRestrictedGlobals: a conversion, not a clock
  return Date.parse(day);
}

/** For people who look at Temporal's UI. */
function detailsOf(book: DayBook): string {
  const lines = Object.entries(movedOut(book)).flatMap(([what, byCurrency]) =>
    Object.entries(byCurrency).map(
      ([currency, { amount, count }]) => `- ${what}: ${count}, together ${formatMoney({ amount, currency })}`,
    ),
  );
  return lines.join('\n');
}
