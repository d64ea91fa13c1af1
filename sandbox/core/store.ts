import type { Row, TableName } from '../objects/tables.ts';
import { GROWING, INDEXES } from '../objects/tables.ts';
import type { Journal, Write } from './journal.ts';
import { Table } from './table.ts';
import type { Committed } from './transaction.ts';
import { Transaction } from './transaction.ts';

const COMPACTION_BATCH = 200;

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
    return this.table(table).get(id) as Row<T> | undefined;
  }

  /** Ids newest first; by an indexed field where one is given; no newer than the row `from`. */
  *ids(table: TableName, field?: string, value?: unknown, from?: string): Generator<string> {
    const own = this.table(table);
    const ids = field === undefined ? [...own.ids()] : own.indexed(field, value);
    if (!ids) throw new Error(`${table}.${field} is not indexed`);
    // One that is not there is before all that are: nothing follows it.
    const newest = from === undefined ? ids.length - 1 : ids.lastIndexOf(from);
    for (let i = newest; i >= 0; i -= 1) yield ids[i] as string;
  }

  oldestIds(table: TableName): Iterable<string> {
    return this.table(table).ids();
  }

  *rows<T extends TableName>(table: T): Generator<Row<T>> {
    for (const row of this.table(table).rows()) yield row as Row<T>;
  }

  size(table: TableName): number {
    return this.table(table).size;
  }

  /** Back to nothing, in memory and on disk. */
  reset(): void {
    this.journal?.rewrite([]);
    this.clear();
  }

  close(): void {
    this.journal?.close();
  }

  private clear(): void {
    this.tables = new Map(
      (Object.keys(INDEXES) as TableName[]).map((name) => [
        name,
        new Table(INDEXES[name], GROWING.has(name)),
      ]),
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
      for (const row of table.rows()) {
        batch.push([name, row.id, row]);
        if (batch.length === COMPACTION_BATCH) {
          yield batch;
          batch = [];
        }
      }
      if (batch.length > 0) yield batch;
    }
  }
}
