import type { Job } from '../objects/records.ts';
import type { Write } from './journal.ts';
import type { Store } from './store.ts';

/** Jobs by the time they are due, a binary heap; a job that was deleted or moved is skipped when it comes up. */
export class JobQueue {
  private heap: { dueMs: number; id: string }[] = [];
  private readonly store: Store;

  constructor(store: Store) {
    this.store = store;
    this.reload();
    store.onCommit((writes) => this.take(writes));
  }

  reload(): void {
    this.heap = [];
    for (const { id, dueMs } of this.store.rows('job')) this.push({ id, dueMs });
  }

  /** The earliest job there is, left in place. */
  peek(): Job | undefined {
    for (let top = this.heap[0]; top; top = this.heap[0]) {
      const job = this.store.get('job', top.id);
      if (job?.dueMs === top.dueMs) return job;
      this.pop();
    }
    return undefined;
  }

  private take(writes: Write[]): void {
    for (const [table, id, row] of writes) {
      if (table === 'job' && row) this.push({ id, dueMs: (row as Job).dueMs });
    }
  }

  private push(item: { dueMs: number; id: string }): void {
    const { heap } = this;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  private pop(): void {
    const last = this.heap.pop();
    if (!last || this.heap.length === 0) return;
    this.heap[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.heap.length && this.before(child, least)) least = child;
      }
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  /** Ties go by id, so that two runs of the same seed do the same things in the same order. */
  private before(one: number, other: number): boolean {
    const a = this.heap[one];
    const b = this.heap[other];
    if (!a || !b) return false;
    return a.dueMs === b.dueMs ? a.id < b.id : a.dueMs < b.dueMs;
  }

  private swap(one: number, other: number): void {
    const a = this.heap[one];
    const b = this.heap[other];
    if (!a || !b) return;
    this.heap[one] = b;
    this.heap[other] = a;
  }
}
