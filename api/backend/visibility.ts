import type { Client } from '@temporalio/client';
import { faultOf } from '../../temporal/faults.ts';
import { READ_WITHIN_MS, within } from './settle.ts';
import { all, compares, equals, isOneOf } from './visibility-filter.ts';

/** A workflow's place in a list: newest first, and by id among those of one millisecond. */
export interface Position {
  readonly workflowId: string;
  readonly startedAt: number;
}

/** A workflow as visibility shows it, whether or not its code still answers. */
export interface Row extends Position {
  readonly searchAttributes: Readonly<Record<string, unknown>>;
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

/** Nothing moved in the one, and the other's next run stands for it. */
const LAST_RUNS = ["ExecutionStatus != 'Failed'", "ExecutionStatus != 'ContinuedAsNew'"];

/**
 * Lists workflows, newest first. Temporal's SQL visibility knows no ORDER BY and gives closed workflows by the time
 * they closed; so a page is cut out of a span of start times that is long enough to fill it and short enough to sort.
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
    const where = all([equals('WorkflowType', workflowType), ...LAST_RUNS, ...conditions]);
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

  async #lastRuns(rows: readonly Row[]): Promise<Row[]> {
    if (rows.length === 0) return [];
    const ids = rows.map(({ workflowId }) => workflowId);
    const runs = await this.#rows(all([isOneOf('WorkflowId', ids), ...LAST_RUNS]));
    const isLast = (row: Row) =>
      !runs.some(({ workflowId, startedAt }) => workflowId === row.workflowId && startedAt > row.startedAt);
    return rows.filter(isLast);
  }

  async #newest(where: string, wanted: number, after: Position | null): Promise<Row[]> {
    const before = after ? all([where, compares('StartTime', 'lte', after.startedAt)]) : where;
    const from = await this.#spanStart(before, wanted, after);
    const rows = await this.#rows(from === null ? before : all([before, compares('StartTime', 'gte', from)]));
    return rows
      .filter((row) => after === null || byNewest(after, row) < 0)
      .sort(byNewest)
      .slice(0, wanted);
  }

  /** Start of the shortest span found that surely holds a page; null: all of them are few enough. */
  async #spanStart(before: string, wanted: number, after: Position | null): Promise<number | null> {
    if ((await this.#count(before)) <= this.#rowsMax) return null;
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
    for await (const { workflowId, startTime, typedSearchAttributes } of this.#temporal.workflow.list({
      query,
      pageSize: ROWS_MAX,
    })) {
      rows.push({
        workflowId,
        startedAt: startTime.getTime(),
        searchAttributes: Object.fromEntries(
          typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
        ),
      });
    }
    return rows;
  }
}

function byNewest(a: Position, b: Position): number {
  return (
    b.startedAt - a.startedAt || (a.workflowId < b.workflowId ? 1 : a.workflowId > b.workflowId ? -1 : 0)
  );
}
