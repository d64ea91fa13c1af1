import { type Amounts, isNothing, same } from './amounts.ts';
import { type Holdings, PARTIES, type Party, sumOf, type Told } from './holdings.ts';
import type { Expected, Facts } from './scenario.ts';

/** One party's money: what the scenario says, what the ledger says, what the API says (null: it does not say). */
export interface Figure {
  readonly what: string;
  readonly party: Party;
  readonly expected: Amounts;
  readonly ledger: Amounts;
  readonly api: Amounts | null;
  readonly ok: boolean;
}

export interface Fact {
  readonly what: string;
  readonly expected: Facts[string];
  readonly actual: Facts[string];
  readonly ok: boolean;
}

export interface Verdict {
  readonly ok: boolean;
  readonly figures: readonly Figure[];
  readonly facts: readonly Fact[];
  /** Of all that moved; nothing, or the ledger is broken. */
  readonly ledgerSum: Amounts;
}

export interface Actual {
  readonly ledger: Holdings;
  readonly api: Told | null;
  readonly facts: Facts;
}

/** Holds what happened against what the scenario expects. */
export function judge(expected: Expected, actual: Actual): Verdict {
  const figures = (Object.keys(PARTIES) as Party[])
    .map((party) => figureOf(party, expected, actual))
    .filter(({ party, ...amounts }) => (party !== 'exchange' && party !== 'bank') || !nowhere(amounts));
  const facts = Object.entries(expected.facts).map(([what, value]) => {
    const seen = actual.facts[what] ?? null;
    return { what, expected: value, actual: seen, ok: seen === value };
  });
  const ledgerSum = sumOf(actual.ledger);
  const ok = [...figures, ...facts].every((one) => one.ok) && isNothing(ledgerSum);
  return { ok, figures, facts, ledgerSum };
}

function figureOf(party: Party, expected: Expected, { ledger, api }: Actual): Figure {
  const wanted = expected[party] ?? {};
  const inLedger = ledger[party];
  const inApi = party === 'exchange' ? null : (api?.[party] ?? null);
  const apiAgrees = party === 'exchange' || (inApi !== null && same(wanted, inApi));
  return {
    what: PARTIES[party],
    party,
    expected: wanted,
    ledger: inLedger,
    api: inApi,
    ok: same(wanted, inLedger) && apiAgrees,
  };
}

function nowhere({ expected, ledger }: Pick<Figure, 'expected' | 'ledger'>): boolean {
  return isNothing(expected) && isNothing(ledger);
}
