import { SEEDED_ACCOUNTS } from '../../sandbox/seed.ts';
import type { Chance } from '../world/chance.ts';
import { GAPS_MS, SECOND_MS } from './times.ts';

/** What a platform asks for beside orders. */
const KINDS = ['payout', 'transfer', 'account'] as const;
export type WorkKind = (typeof KINDS)[number];

const DEEDS = {
  payout: ['cancel', 'payout_fails', 'payout_fails', 'resolve'],
  transfer: ['reverse', 'reverse', 'reverse_all', 'resolve'],
  account: ['update', 'update', 'require', 'require', 'resolve', 'reject'],
} as const satisfies Record<WorkKind, readonly string[]>;

/** Of an account that its owner connected by OAuth. */
const CONNECTED_DEEDS = [
  'update',
  'update',
  'require',
  'resolve',
  'reject',
  'deauthorize',
  'deauthorize',
  'disconnect',
] as const;

export interface WorkDeed {
  readonly name: (typeof DEEDS)[WorkKind][number] | (typeof CONNECTED_DEEDS)[number];
  /** Milliseconds since the beginning. */
  readonly at: number;
  /** How much, and which of several: minor units. */
  readonly amount: number;
}

/** A payout, a transfer out of no order, or an account, and what is done about it. */
export interface PlannedWork {
  readonly kind: WorkKind;
  readonly id: string;
  readonly at: number;
  /** Whose money; of an account that is adopted, which. */
  readonly account: string;
  /** Minor units. */
  readonly amount: number;
  /** A payout that waits for funds; an account that was made without Waybill. */
  readonly isPatient: boolean;
  readonly isAdopted: boolean;
  /** Its owner connects it, after opening it so much earlier (milliseconds); null: not by OAuth. */
  readonly openedBeforeMs: number | null;
  readonly deeds: readonly WorkDeed[];
  /** The deeds' numbers: where some are left out, the others keep theirs. */
  readonly numbers: readonly number[];
}

const OF_A_KIND_MAX = 2;
const DEEDS_MAX = 4;
const ACCOUNTS = [SEEDED_ACCOUNTS.usCustom, SEEDED_ACCOUNTS.usExpress];

/** Half of all seeds have some, beside their orders. */
export function worksOf(chance: Chance): PlannedWork[] {
  if (chance.of('works') < 0.5) return [];
  return KINDS.flatMap((kind) =>
    Array.from({ length: chance.between(`${kind}s`, 0, OF_A_KIND_MAX) }, (_, n) => workOf(chance, kind, n)),
  );
}

/** What names an account; one that was made without Waybill, Stripe's id. */
export function referenceOf({ id, account, isAdopted }: PlannedWork): string {
  return isAdopted ? account : id;
}

function workOf(chance: Chance, kind: WorkKind, n: number): PlannedWork {
  const id = `${kind}-${n}`;
  const at = chance.between(`${id} at`, 0, 5_000);
  const isAdopted = chance.of(`${id} adopted`) < 0.3;
  const isConnected = kind === 'account' && !isAdopted && chance.of(`${id} connected`) < 0.4;
  const gaps = chance.of(`${id} patience`) < 0.7 ? GAPS_MS.slice(0, 5) : GAPS_MS;
  let time = at + 2 * SECOND_MS;
  const deeds = Array.from({ length: chance.between(`${id} deeds`, 0, DEEDS_MAX) }, (_, number): WorkDeed => {
    time += chance.pick(`${id} gap ${number}`, gaps);
    return {
      name: chance.pick(`${id} deed ${number}`, isConnected ? CONNECTED_DEEDS : DEEDS[kind]),
      at: time,
      amount: chance.between(`${id} amount ${number}`, 1, 200),
    };
  });
  return {
    kind,
    id,
    at,
    account: chance.pick(`${id} account`, ACCOUNTS),
    // More than there is, now and then.
    amount: chance.between(`${id} amount`, 50, 500),
    isPatient: chance.of(`${id} waits`) < 0.5,
    isAdopted,
    openedBeforeMs: isConnected ? chance.between(`${id} opened before`, 0, at) : null,
    deeds,
    numbers: deeds.map((_, number) => number),
  };
}
