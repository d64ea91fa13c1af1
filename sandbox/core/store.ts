import type { Row, TableName } from '../objects/tables.ts';
import { INDEXES } from '../objects/tables.ts';
import type { Journal, Write } from './journal.ts';
import type { Committed } from './transaction.ts';
import { Transaction } from './transaction.ts';

/** Ids in order of insertion, by value of an indexed field. */
type Index = Map<unknown, string[]>;

const COMPACTION_BATCH = 200;

/** The oldest stand first, so that what is forgotten by age is found at once. */
function remove(index: Index, value: unknown, id: string): void {
  const ids = index.get(value) ?? [];
  const at = ids.indexOf(id);
  if (at >= 0) ids.splice(at, 1);
  if (ids.length === 0) index.delete(value);
}

class Table {
  readonly rows = new Map<string, { id: string }>();
  readonly indexes = new Map<string, Index>();

  constructor(fields: readonly string[]) {
    for (const field of fields) this.indexes.set(field, new Map());
  }

  set(id: string, row: { id: string } | null): void {
    const before = this.rows.get(id);
    for (const [field, index] of this.indexes) {
      const old = before && (before as Record<string, unknown>)[field];
      const value = row && (row as unknown as Record<string, unknown>)[field];
      if (before && row && old === value) continue;
      if (before) remove(index, old, id);
      if (row) {
        const ids = index.get(value);
        if (ids) ids.push(id);
        else index.set(value, [id]);
      }
    }
    if (row) this.rows.set(id, row);
    else this.rows.delete(id);
  }
}

/**
 * Everything the sandbox knows. A request works on an overlay and either commits it whole (journal first, then memory)
 * or leaves no trace: that is what keeps the ledger's sum at zero when something fails half-way.
 */
export class Store implements Committed {
  private tables = new Map<TableName, Table>();
  private readonly journal: Journal | undefined;
  private readonly listeners: ((writes: Write[]) => void)[] = [];

  constructor(journal?: Journal) {
    this.journal = journal;
    this.clear();
    if (!journal) return;
    for (const writes of journal.read()) this.apply(writes);
    journal.rewrite(this.snapshot());
  }

  /** Told of every committed write, in order; used by what is derived from rows, such as the queue of due jobs. */
  onCommit(listener: (writes: Write[]) => void): void {
    this.listeners.push(listener);
  }

  transaction<R>(work: (tx: Transaction) => R): R {
    const tx = new Transaction(this);
    const result = work(tx);
    const writes = tx.writes();
    if (writes.length > 0) {
      this.journal?.append(writes);
      this.apply(writes);
      for (const listener of this.listeners) listener(writes);
    }
    return result;
  }

  get<T extends TableName>(table: T, id: string): Row<T> | undefined {
    return this.table(table).rows.get(id) as Row<T> | undefined;
  }

  /** Ids newest first; by an indexed field where one is given. */
  *ids(table: TableName, field?: string, value?: unknown): Generator<string> {
    const { rows, indexes } = this.table(table);
    const index = field === undefined ? undefined : indexes.get(field);
    if (field !== undefined && !index) throw new Error(`${table}.${field} is not indexed`);
    const ids = index ? (index.get(value) ?? []) : [...rows.keys()];
    for (let i = ids.length - 1; i >= 0; i -= 1) yield ids[i] as string;
  }

  *rows<T extends TableName>(table: T): Generator<Row<T>> {
    for (const row of this.table(table).rows.values()) yield row as Row<T>;
  }

  size(table: TableName): number {
    return this.table(table).rows.size;
  }

  /** Back to nothing, in memory and on disk. */
  reset(): void {
    this.clear();
    this.journal?.rewrite([]);
  }

  close(): void {
    this.journal?.close();
  }

  private clear(): void {
    this.tables = new Map(
      (Object.keys(INDEXES) as TableName[]).map((name) => [name, new Table(INDEXES[name])]),
    );
  }

  private table(name: TableName): Table {
    const table = this.tables.get(name);
    if (!table) throw new Error(`No table ${name}`);
    return table;
  }

  private apply(writes: Write[]): void {
    for (const [table, id, row] of writes)
      this.table(table as TableName).set(id, row as { id: string } | null);
  }

  private *snapshot(): Generator<Write[]> {
    for (const [name, table] of this.tables) {
      let batch: Write[] = [];
      for (const [id, row] of table.rows) {
        batch.push([name, id, row]);
        if (batch.length === COMPACTION_BATCH) {
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    }
  }
}
