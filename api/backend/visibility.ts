import type { Client } from '@temporalio/client';
import { faultOf } from '../../temporal/faults.ts';
import { isOpen } from '../../temporal/workflow-status.ts';
import { all, compares, equals, isOneOf } from './visibility-filter.ts';
import { READ_WITHIN_MS, within } from './wait.ts';

/** A workflow's place in a list: newest first, and by id among those of one millisecond. */
export interface Position {
  readonly workflowId: string;
  readonly startedAt: number;
}

/** A workflow as visibility shows it, whether or not its code still answers. */
export interface Row extends Position {
  readonly searchAttributes: Readonly<Record<string, unknown>>;
  readonly memo: Readonly<Record<string, unknown>>;
  readonly isOpen: boolean;
}

export interface Page {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

const LIST_WITHIN_MS = 10_000;
/** How many rows are read to sort one page out of them. */
const ROWS_MAX = 1_000;
const FIRST_SPAN_MS = 10 * 60_000;
/** Temporal's clock may be ahead of ours. */
const CLOCK_SKEW_MS = 5 * 60_000;

const RUNNING = "ExecutionStatus = 'Running'";
/** Nothing moved in the one, and the other's next run stands for it. */
const LAST_RUNS = ["ExecutionStatus != 'Failed'", "ExecutionStatus != 'ContinuedAsNew'"];
const ENDED = ["ExecutionStatus != 'Running'", ...LAST_RUNS];

/**
 * Lists workflows, newest first. Temporal's SQL visibility knows no ORDER BY: it gives running workflows by the time they
 * started, newest first, and ended ones by the time they ended. So the running ones are read until the page is full, and the ended
 * ones of the same span of start times are sorted in; where those are too many to sort, the span is made shorter first.
 *
 * Failed runs are left out (nothing moved in them, and their id may live on in a later run), and so are runs that
 * continued as new, or were reopened: the last run stands for them, with its own start time.
 */
export class Visibility {
  readonly #temporal: Client;
  readonly #rowsMax: number;

  constructor(temporal: Client, { rowsMax = ROWS_MAX } = {}) {
    this.#temporal = temporal;
    this.#rowsMax = rowsMax;
  }

  async page(
    workflowType: string,
    conditions: readonly string[],
    { limit, after }: { limit: number; after: Position | null },
  ): Promise<Page> {
    const where = all([equals('WorkflowType', workflowType), ...conditions]);
    const rows = await within(this.#temporal, LIST_WITHIN_MS, () =>
      this.#newestLast(where, limit + 1, after),
    );
    return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
  }

  /** When a workflow's last run started, in milliseconds since the epoch; null if there is none. */
  async startedAt(workflowId: string): Promise<number | null> {
    try {
      const handle = this.#temporal.workflow.getHandle(workflowId);
      return (await within(this.#temporal, READ_WITHIN_MS, () => handle.describe())).startTime.getTime();
    } catch (error) {
      if (faultOf(error)?.type === 'not_found') return null;
      throw error;
    }
  }

  /** The newest of those runs that are the last of their workflow. */
  async #newestLast(where: string, wanted: number, after: Position | null): Promise<Row[]> {
    const found: Row[] = [];
    for (let from: Position | null = after; ; ) {
      const rows = await this.#newest(where, wanted, from);
      found.push(...(await this.#lastRuns(rows)));
      from = rows.at(-1) ?? null;
      if (rows.length < wanted || found.length >= wanted) return found.slice(0, wanted);
    }
  }

  /** An open one is the last; one that has ended may have been reopened. */
  async #lastRuns(rows: readonly Row[]): Promise<Row[]> {
    const ids = rows.filter((row) => !row.isOpen).map(({ workflowId }) => workflowId);
    if (ids.length === 0) return [...rows];
    const runs = await this.#rows(all([isOneOf('WorkflowId', ids), ...LAST_RUNS]));
    const isLast = (row: Row) =>
      !runs.some(({ workflowId, startedAt }) => workflowId === row.workflowId && startedAt > row.startedAt);
    return rows.filter(isLast);
  }

  async #newest(where: string, wanted: number, after: Position | null): Promise<Row[]> {
    const before = after ? all([where, compares('StartTime', 'lte', after.startedAt)]) : where;
    const running = await this.#newestRunning(before, wanted, after);
    const oldest = running.length < wanted ? undefined : running.at(-1)?.startedAt;
    const ended = await this.#newestEnded(before, wanted, after, oldest);
    // One that ended between the two questions is in both answers.
    const over = new Set(ended.map(runOf));
    const still = running.filter((row) => !over.has(runOf(row)));
    return [...still, ...ended].sort(byNewest).slice(0, wanted);
  }

  /** Those of the last one's millisecond are all among them: which of them come first is decided by their ids. */
  async #newestRunning(before: string, wanted: number, after: Position | null): Promise<Row[]> {
    const found: Row[] = [];
    // One more than wanted shows that the last millisecond is over.
    for await (const row of this.#each(all([before, RUNNING]), wanted + 1)) {
      const last = found.at(-1);
      if (last && found.length >= wanted && row.startedAt < last.startedAt) break;
      if (isAfter(after, row)) found.push(row);
    }
    return found.sort(byNewest).slice(0, wanted);
  }

  /** `since`: what started before it is not wanted. */
  async #newestEnded(
    before: string,
    wanted: number,
    after: Position | null,
    since: number | undefined,
  ): Promise<Row[]> {
    const ended = all([
      before,
      ...ENDED,
      ...(since === undefined ? [] : [compares('StartTime', 'gte', since)]),
    ]);
    const count = await this.#count(ended);
    if (count === 0) return [];
    const isSortable = count <= this.#rowsMax;
    const span = isSortable
      ? ended
      : all([ended, compares('StartTime', 'gte', await this.#spanStart(ended, wanted, after))]);
    return (await this.#rows(span)).filter((row) => isAfter(after, row));
  }

  /** Start of the shortest span found that surely holds a page. */
  async #spanStart(before: string, wanted: number, after: Position | null): Promise<number> {
    const end = after?.startedAt ?? Date.now() + CLOCK_SKEW_MS;
    const inSpan = (ms: number) => this.#count(all([before, compares('StartTime', 'gte', end - ms)]));
    const enough = wanted + (after ? await inSpan(0) : 0);
    let tooShort = 0;
    let span = FIRST_SPAN_MS;
    while (span < end && (await inSpan(span)) < enough) {
      tooShort = span;
      span *= 8;
    }
    while (span - tooShort > 1 && (await inSpan(span)) > this.#rowsMax) {
      const middle = Math.floor((tooShort + span) / 2);
      if ((await inSpan(middle)) >= enough) span = middle;
      else tooShort = middle;
    }
    return Math.max(end - span, 0);
  }

  async #count(query: string): Promise<number> {
    return (await this.#temporal.workflow.count(query)).count;
  }

  async #rows(query: string): Promise<Row[]> {
    const rows: Row[] = [];
    for await (const row of this.#each(query, ROWS_MAX)) rows.push(row);
    return rows;
  }

  async *#each(query: string, pageSize: number): AsyncGenerator<Row> {
    for await (const info of this.#temporal.workflow.list({ query, pageSize })) {
      const { workflowId, startTime, typedSearchAttributes, memo } = info;
      yield {
        workflowId,
        startedAt: startTime.getTime(),
        searchAttributes: Object.fromEntries(
          typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
        ),
        memo: memo ?? {},
        isOpen: isOpen(info),
      };
    }
  }
}

function isAfter(after: Position | null, row: Position): boolean {
  return after === null || byNewest(after, row) < 0;
}

/** The run at that position. */
function runOf({ workflowId, startedAt }: Position): string {
  return `${workflowId} ${startedAt}`;
}

function byNewest(a: Position, b: Position): number {
  return (
    b.startedAt - a.startedAt || (a.workflowId < b.workflowId ? 1 : a.workflowId > b.workflowId ? -1 : 0)
  );
}
