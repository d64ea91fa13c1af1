import type { Row, TableName } from '../objects/tables.ts';
import type { Write } from './journal.ts';

/** What was committed before. */
export interface Committed {
  get<T extends TableName>(table: T, id: string): Row<T> | undefined;
  /** Ids newest first; by an indexed field where one is given; no newer than the row `from`. */
  ids(table: TableName, field?: string, value?: unknown, from?: string): Iterable<string>;
  rows<T extends TableName>(table: T): Iterable<Row<T>>;
}

/**
 * The overlay one request writes to. Rows are values: a change is a new row, never an edit of the one that was read,
 * which is why nothing has to be copied up front and nothing has to be undone.
 */
export class Transaction {
  private readonly committed: Committed;
  private readonly overlay = new Map<TableName, Map<string, unknown>>();

  constructor(committed: Committed) {
    this.committed = committed;
  }

  get<T extends TableName>(table: T, id: string): Row<T> | undefined {
    const changed = this.overlay.get(table);
    if (changed?.has(id)) return (changed.get(id) as Row<T> | null) ?? undefined;
    return this.committed.get(table, id);
  }

  /** The row as it was before this transaction. */
  before<T extends TableName>(table: T, id: string): Row<T> | undefined {
    return this.committed.get(table, id);
  }

  /** For ids that other rows hold: a dangling one is a bug of the sandbox, not of its caller. */
  must<T extends TableName>(table: T, id: string): Row<T> {
    const row = this.get(table, id);
    if (!row) throw new Error(`${table} ${id} is gone`);
    return row;
  }

  put<T extends TableName>(table: T, row: Row<T>): Row<T> {
    const changed = this.overlay.get(table) ?? new Map<string, unknown>();
    changed.set(row.id, row);
    this.overlay.set(table, changed);
    return row;
  }

  update<T extends TableName>(table: T, id: string, change: Partial<Row<T>>): Row<T> {
    return this.put(table, { ...this.must(table, id), ...change });
  }

  delete(table: TableName, id: string): void {
    const changed = this.overlay.get(table) ?? new Map<string, unknown>();
    changed.set(id, null);
    this.overlay.set(table, changed);
  }

  /** Rows newest first whose `field` has this value, this transaction's own included; of committed ones none newer than `from`. */
  *where<T extends TableName>(
    table: T,
    field: keyof Row<T> & string,
    value: unknown,
    from?: string,
  ): Generator<Row<T>> {
    const changed = this.overlay.get(table);
    const matches = (row: unknown): row is Row<T> =>
      row !== null && row !== undefined && (row as Record<string, unknown>)[field] === value;
    if (changed) {
      for (const row of [...changed.values()].reverse()) {
        if (matches(row) && !this.committed.get(table, row.id)) yield row;
      }
    }
    const seen = new Set<string>();
    for (const id of this.committed.ids(table, field, value, from)) {
      const row = this.get(table, id);
      seen.add(id);
      if (matches(row)) yield row;
    }
    if (!changed) return;
    // A row that was there before and only now got this value comes last: nothing that is listed by age moves so.
    for (const row of changed.values()) {
      if (matches(row) && this.committed.get(table, row.id) && !seen.has(row.id)) yield row;
    }
  }

  /** Every row of a small table, oldest first. */
  *all<T extends TableName>(table: T): Generator<Row<T>> {
    const changed = this.overlay.get(table);
    for (const row of this.committed.rows(table)) if (!changed?.has(row.id)) yield row;
    for (const row of changed?.values() ?? []) if (row !== null) yield row as Row<T>;
  }

  writes(): Write[] {
    const writes: Write[] = [];
    for (const [table, rows] of this.overlay) for (const [id, row] of rows) writes.push([table, id, row]);
    return writes;
  }
}
