import { Block } from './block.ts';

interface Row {
  id: string;
}

/** Ids in order of insertion, by value of an indexed field; of most values there is one. */
type Index = Map<unknown, string | string[]>;

/** What was written last is read again soon: it is not packed. */
const UNPACKED_MIN = 100;
const BLOCK_ROWS = 16;

function add(index: Index, value: unknown, id: string): void {
  const ids = index.get(value);
  if (ids === undefined) index.set(value, id);
  else if (typeof ids === 'string') index.set(value, [ids, id]);
  else ids.push(id);
}

/** The oldest stand first, so that what is forgotten by age is found at once. */
function remove(index: Index, value: unknown, id: string): void {
  const ids = index.get(value);
  if (!Array.isArray(ids)) {
    if (ids === id) index.delete(value);
    return;
  }
  const at = ids.indexOf(id);
  if (at >= 0) ids.splice(at, 1);
  if (ids.length === 0) index.delete(value);
}

/** Rows in order of insertion, with indexes. A table that grows with the payments keeps all but the newest packed. */
export class Table {
  private readonly contents = new Map<string, Row | Block<Row>>();
  private readonly indexes = new Map<string, Index>();
  /** Ids of what is not packed, the one written longest ago first; only of a table that grows. */
  private readonly unpacked: Set<string> | undefined;
  /** The block read last: rows that are read one after the other often stand in one. */
  private read: { block: Block<Row>; rows: readonly Row[] } | undefined;

  constructor(fields: readonly string[], grows: boolean) {
    for (const field of fields) this.indexes.set(field, new Map());
    this.unpacked = grows ? new Set() : undefined;
  }

  get size(): number {
    return this.contents.size;
  }

  get(id: string): Row | undefined {
    const found = this.contents.get(id);
    if (!(found instanceof Block)) return found;
    if (this.read?.block !== found) this.read = { block: found, rows: found.rows() };
    return this.read.rows.find((row) => row.id === id);
  }

  *rows(): Generator<Row> {
    for (const id of this.contents.keys()) yield this.get(id) as Row;
  }

  /** The oldest first. */
  ids(): Iterable<string> {
    return this.contents.keys();
  }

  /** The oldest first, of rows whose `field` has this value; nothing where the field is not indexed. */
  indexed(field: string, value: unknown): readonly string[] | undefined {
    const index = this.indexes.get(field);
    const ids = index?.get(value) ?? [];
    return index && (typeof ids === 'string' ? [ids] : ids);
  }

  set(id: string, row: Row | null): void {
    const before = this.indexes.size > 0 ? this.get(id) : undefined;
    for (const [field, index] of this.indexes) {
      const old = before && (before as unknown as Record<string, unknown>)[field];
      const value = row && (row as unknown as Record<string, unknown>)[field];
      if (before && row && old === value) continue;
      if (before) remove(index, old, id);
      if (row) add(index, value, id);
    }
    this.unpacked?.delete(id);
    if (row) this.keep(id, row);
    else this.contents.delete(id);
  }

  private keep(id: string, row: Row): void {
    const { contents, unpacked } = this;
    contents.set(id, row);
    if (!unpacked) return;
    unpacked.add(id);
    if (unpacked.size < UNPACKED_MIN + BLOCK_ROWS) return;
    const oldest = [...unpacked].slice(0, BLOCK_ROWS);
    const block = new Block(oldest.map((each) => contents.get(each) as Row));
    for (const each of oldest) {
      contents.set(each, block);
      unpacked.delete(each);
    }
  }
}
