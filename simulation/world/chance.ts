/** What can go wrong. Each seed has some of them, each with its own rate. */
const FAULT_KINDS = [
  'request_lost',
  'answer_lost',
  'answers_lost',
  'answer_late',
  'failed_after_effect',
  'failed_before_effect',
  'rate_limited',
  'key_in_use',
  'crash',
  'fleet_down',
  'evicted',
  'webhook_lost',
  'webhook_doubled',
  'webhook_late',
  'command_doubled',
  'caller_lost',
  'stale_list',
  'settles_meanwhile',
  'moved_meanwhile',
  'event_refused',
  'event_answer_lost',
  'payer_meanwhile',
  'forgotten',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
export type Rates = Readonly<Partial<Record<FaultKind, number>>>;

/** One fault that happened: its kind, and where. */
export type Fault = `${FaultKind} ${string}`;

const UINT32 = 2 ** 32;

/** Murmur's mixing of a text, 32 bits. */
function hashOf(seed: number, text: string): number {
  let hash = seed | 0;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}

/**
 * Every decision of a run, by the seed and the name of the place where it is taken, so that leaving one deed or fault out
 * leaves all other decisions as they were: that is what makes a failing seed shrink. `only`: the faults that happen, in place of those
 * that the seed would choose. `rates`: the most of those that a life about one theme has; each is at least half of it.
 */
export class Chance {
  readonly fired: Fault[] = [];
  readonly #seed: number;
  readonly #rates: Rates;
  readonly #only: ReadonlySet<string> | null;
  #isQuiet = false;

  constructor(seed: number, only: readonly Fault[] | null, rates: Rates | null = null) {
    this.#seed = seed;
    this.#only = only && new Set(only);
    this.#rates = Object.fromEntries(
      FAULT_KINDS.flatMap((kind) => {
        const rate = rates ? ((rates[kind] ?? 0) * (1 + this.of(`rate ${kind}`))) / 2 : this.#rateOf(kind);
        return rate > 0 ? [[kind, rate]] : [];
      }),
    );
  }

  /** In a life about everything. */
  #rateOf(kind: FaultKind): number {
    return this.of(`has ${kind}`) < HAS_KIND ? RATE_MAX[kind] * this.of(`rate ${kind}`) : 0;
  }

  /** From 0 up to 1. */
  of(place: string): number {
    return hashOf(this.#seed, place) / UINT32;
  }

  between(place: string, least: number, most: number): number {
    return Math.floor(least + this.of(place) * (most - least + 1));
  }

  pick<T>(place: string, all: readonly T[]): T {
    return all[this.between(place, 0, all.length - 1)] as T;
  }

  happens(kind: FaultKind, place: string): boolean {
    if (this.#isQuiet) return false;
    const rate = this.#rates[kind];
    if (!this.#only && rate === undefined) return false;
    const fault: Fault = `${kind} ${place}`;
    const does = this.#only ? this.#only.has(fault) : this.of(fault) < (rate ?? 0);
    if (does && this.fired.at(-1) !== fault && !this.fired.includes(fault)) this.fired.push(fault);
    return does;
  }

  /** Nothing goes wrong from here on. */
  endFaults(): void {
    this.#isQuiet = true;
  }
}

/** How many seeds have a kind of fault at all: with all of them at once hardly anything would ever succeed. */
const HAS_KIND = 0.5;

const RATE_MAX: Required<Rates> = {
  request_lost: 0.3,
  answer_lost: 0.4,
  answers_lost: 0.4,
  answer_late: 0.2,
  failed_after_effect: 0.3,
  failed_before_effect: 0.3,
  rate_limited: 0.3,
  key_in_use: 0.2,
  crash: 0.15,
  fleet_down: 0.5,
  evicted: 0.5,
  webhook_lost: 1,
  webhook_doubled: 0.5,
  webhook_late: 0.5,
  command_doubled: 0.5,
  caller_lost: 0.4,
  stale_list: 0.7,
  settles_meanwhile: 0.7,
  moved_meanwhile: 0.3,
  event_refused: 0.5,
  event_answer_lost: 0.3,
  payer_meanwhile: 0.3,
  forgotten: 0.5,
};
