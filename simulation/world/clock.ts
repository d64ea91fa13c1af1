/** What happens at a moment of virtual time. A step runs until nothing more can happen without the next one. */
type Step = () => void | Promise<void>;

interface Planned {
  readonly at: number;
  readonly order: number;
  readonly step: Step;
  isCanceled: boolean;
}

/** Takes a step back that was planned. */
export type Cancel = () => void;

/** Virtual time in milliseconds since the epoch: it jumps from one planned step to the next. A binary heap. */
export class VirtualClock {
  now: number;
  #planned = 0;
  readonly #heap: Planned[] = [];

  constructor(startMs: number) {
    this.now = startMs;
  }

  /** Milliseconds from now. */
  after(ms: number, step: Step): Cancel {
    return this.at(this.now + Math.max(0, ms), step);
  }

  at(at: number, step: Step): Cancel {
    const planned = { at: Math.max(at, this.now), order: this.#planned++, step, isCanceled: false };
    this.#push(planned);
    return () => {
      planned.isCanceled = true;
    };
  }

  /** When the next step is planned; null: nothing is. */
  get nextAt(): number | null {
    while (this.#heap[0]?.isCanceled) this.#pop();
    return this.#heap[0]?.at ?? null;
  }

  /** Moves time to the next step and takes it out. */
  take(): Step | null {
    if (this.nextAt === null) return null;
    const { at, step } = this.#pop();
    this.now = at;
    return step;
  }

  #push(planned: Planned): void {
    const heap = this.#heap;
    let child = heap.push(planned) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(heap[child], heap[parent])) return;
      swap(heap, child, parent);
      child = parent;
    }
  }

  /** The first; there is one. */
  #pop(): Planned {
    const heap = this.#heap;
    const first = heap[0] as Planned;
    const last = heap.pop() as Planned;
    if (heap.length === 0) return first;
    heap[0] = last;
    let parent = 0;
    for (;;) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (isBefore(heap[child], heap[least])) least = child;
      }
      if (least === parent) return first;
      swap(heap, parent, least);
      parent = least;
    }
  }
}

function isBefore(a: Planned | undefined, b: Planned | undefined): boolean {
  return a !== undefined && b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
}

function swap(heap: Planned[], a: number, b: number): void {
  [heap[a], heap[b]] = [heap[b] as Planned, heap[a] as Planned];
}

/** Immediates that are scheduled together: between two of them, Node runs all that waits for promises. */
const TURNS_AT_ONCE = 64;
const settling: (() => void)[] = [];
let turnsLeft = 0;

function turn(): void {
  turnsLeft -= 1;
  settling.pop()?.();
}

/**
 * Lets everything run that can without the clock: all code in the simulation waits for promises alone. An immediate of its own
 * each time would cost five times as much: a turn of Node's event loop.
 */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    settling.push(resolve);
    if (turnsLeft > 0) return;
    turnsLeft = TURNS_AT_ONCE;
    for (let count = 0; count < TURNS_AT_ONCE; count++) setImmediate(turn);
  });
}
