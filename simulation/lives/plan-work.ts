import { SEEDED_ACCOUNTS } from '../../sandbox/seed.ts';
import type { Chance } from '../world/chance.ts';
import type { WorkDeedName, WorkKind } from './deeds.ts';
import { CONNECTED_DEEDS, WORK_DEEDS, WORK_KINDS } from './deeds.ts';
import type { Focus } from './focus.ts';
import { GAPS_MS, SECOND_MS } from './times.ts';

export interface WorkDeed {
  readonly name: WorkDeedName;
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

const OF_A_KIND = [0, 2] as const;
const NONE = [0, 0] as const;
const DEEDS_MAX = 4;
const ACCOUNTS = [SEEDED_ACCOUNTS.usCustom, SEEDED_ACCOUNTS.usExpress];

/** Half of all seeds about everything have some, beside their orders. */
export function worksOf(chance: Chance, focus: Focus): PlannedWork[] {
  if (!focus.works && chance.of('works') < 0.5) return [];
  return WORK_KINDS.flatMap((kind) => {
    const [least, most] = (focus.works ? focus.works[kind] : OF_A_KIND) ?? NONE;
    return Array.from({ length: chance.between(`${kind}s`, least, most) }, (_, n) =>
      workOf(chance, focus, kind, n),
    );
  });
}

/** What names an account; one that was made without Waybill, Stripe's id. */
export function referenceOf({ id, account, isAdopted }: PlannedWork): string {
  return isAdopted ? account : id;
}

function workOf(chance: Chance, focus: Focus, kind: WorkKind, n: number): PlannedWork {
  const id = `${kind}-${n}`;
  const at = chance.between(`${id} at`, 0, 5_000);
  const isAdopted = chance.of(`${id} adopted`) < (focus.adoptedAccounts ?? 0.3);
  const isConnected =
    kind === 'account' && !isAdopted && chance.of(`${id} connected`) < (focus.connected ?? 0.4);
  const gaps = focus.workGapsMs ?? (chance.of(`${id} patience`) < 0.7 ? GAPS_MS.slice(0, 5) : GAPS_MS);
  const names = focus.workDeeds?.[kind] ?? (isConnected ? CONNECTED_DEEDS : WORK_DEEDS[kind]);
  let time = at + 2 * SECOND_MS;
  const deeds = Array.from({ length: chance.between(`${id} deeds`, 0, DEEDS_MAX) }, (_, number): WorkDeed => {
    time += chance.pick(`${id} gap ${number}`, gaps);
    return {
      name: chance.pick(`${id} deed ${number}`, names),
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
