import type { Client } from '@temporalio/client';
import type Stripe from 'stripe';
import type { Balances } from '../domain/money/money.ts';
import { sumBalances } from '../domain/money/money.ts';
import type { SummedAccount } from '../domain/reconciliation/account-findings.ts';
import {
  foundOfBalance,
  foundOfEarlierBalance,
  foundOnAccount,
  UNSUMMED,
} from '../domain/reconciliation/account-findings.ts';
import type { PlatformMovement } from '../domain/reconciliation/account-transactions.ts';
import { classifyAccountTransaction } from '../domain/reconciliation/account-transactions.ts';
import type { Findings, Patience } from '../domain/reconciliation/reconciliation.ts';
import { combine, NOTHING_FOUND } from '../domain/reconciliation/reconciliation.ts';
import { ACCOUNT_EXPANDS } from '../stripe/account-statement.ts';
import { asAccount } from '../stripe/acting-as.ts';
import { isNotOurs } from '../stripe/errors.ts';
import { balanceOf, heldIn, isOfPayments } from '../stripe/own-money.ts';
import { netOf } from '../stripe/settlement.ts';
import { sumLines } from '../stripe/sum-lines.ts';
import { Owners } from './owners.ts';
import { transactionOf } from './transactions.ts';

const PAGE_SIZE = 100;
/** A line that is older than this when a balance is read is in both the balance and the list. */
const STANDS_AFTER_MS = 60_000;

interface Readers {
  readonly stripe: Stripe;
  readonly temporal: Client;
}

/** Milliseconds since the epoch. */
interface Span extends Patience {
  readonly from: number;
  readonly to: number;
}

/** A connected account whose balance is being compared, and how far that has come. */
export interface AccountPlace {
  readonly id: string;
  /** Milliseconds since the epoch; null: Stripe does not say. */
  readonly createdAt: number | null;
  /** The last transaction of the page before; null: none was read. */
  readonly after: string | null;
  /** The sum of those read. */
  readonly moved: Balances;
  /** Milliseconds since the epoch: when the newest of them was made. */
  readonly movedAt: number;
}

export interface AccountPage {
  readonly findings: Findings;
  /** Null: all of its transactions were read. */
  readonly next: AccountPlace | null;
}

/** The first place of each of some connected accounts, and whether there are more. */
export async function accountsAfter(
  { stripe }: Pick<Readers, 'stripe'>,
  after: string | null,
  limit: number,
): Promise<{ places: readonly AccountPlace[]; hasMore: boolean }> {
  const { data, has_more: hasMore } = await stripe.accounts.list({
    limit,
    ...(after === null ? {} : { starting_after: after }),
  });
  const places = data.map(({ id, created }): AccountPlace => {
    const createdAt = created === undefined ? null : created * 1000;
    return { id, createdAt, after: null, moved: {}, movedAt: createdAt ?? 0 };
  });
  return { places, hasMore };
}

/** One page of an account's transactions; with the last one, whether its balance is their sum. */
export async function reconcileAccountPage(
  readers: Readers,
  place: AccountPlace,
  span: Span,
): Promise<AccountPage> {
  try {
    return await comparePage(readers, place, span);
  } catch (error) {
    // No longer connected: the comparison of accounts says so.
    if (isNotOurs(error)) return { findings: NOTHING_FOUND, next: null };
    throw error;
  }
}

async function comparePage(readers: Readers, place: AccountPlace, span: Span): Promise<AccountPage> {
  const as = asAccount(place.id);
  const own = balanceOf(readers.stripe, as);
  const page = await own.transactions({
    created: { gte: Math.floor(span.from / 1000), lt: Math.floor(span.to / 1000) },
    limit: PAGE_SIZE,
    expand: ACCOUNT_EXPANDS,
    ...(place.after === null ? {} : { starting_after: place.after }),
  });
  const owners = new Owners(readers.stripe, readers.temporal, as, page.data);
  let findings = NOTHING_FOUND;
  for (const entry of page.data) {
    findings = combine(findings, await foundOfLine(owners, place.id, entry, span));
  }
  const [newest] = page.data;
  const read: AccountPlace = {
    ...place,
    after: page.data.at(-1)?.id ?? place.after,
    moved: sumBalances([place.moved, ...page.data.filter(isOfPayments).map(netOf)]),
    movedAt: Math.max(place.movedAt, (newest?.created ?? 0) * 1000),
  };
  if (page.has_more) return { findings, next: read };
  return { findings: combine(findings, await balanceFound(readers, read, span)), next: null };
}

/** One transaction of an account, looked at again. */
export async function reconcileAccountTransaction(
  { stripe, temporal }: Readers,
  account: string,
  id: string,
  patience: Patience,
): Promise<Findings> {
  try {
    const expand = ACCOUNT_EXPANDS.map((path) => path.replace('data.', ''));
    const as = asAccount(account);
    const entry = await balanceOf(stripe, as).transaction(id, { expand });
    return await foundOfLine(new Owners(stripe, temporal, as, [entry]), account, entry, patience);
  } catch (error) {
    if (isNotOurs(error)) return NOTHING_FOUND;
    throw error;
  }
}

/** One line, compared with what the order behind it says. */
async function foundOfLine(
  owners: Owners,
  account: string,
  entry: Stripe.BalanceTransaction,
  patience: Patience,
): Promise<Findings> {
  const transaction = transactionOf(entry);
  const owner = await owners.of(entry);
  const verdict = classifyAccountTransaction(transaction, owner, movementOf(entry));
  return foundOnAccount(account, transaction, verdict, patience);
}

/**
 * Of an account that is no older than the span. What came since the run began is summed too and is no reason to wait: a run may
 * take hours, and an account sell all day.
 */
async function balanceFound({ stripe }: Readers, place: AccountPlace, span: Span): Promise<Findings> {
  if (place.createdAt === null || place.createdAt < span.from) return UNSUMMED;
  const expectedSince = Math.max(span.expectedSince, Date.now() - STANDS_AFTER_MS);
  return foundOfBalance(await summed(stripe, place, span.to), { expectedSince });
}

/**
 * The balance of an account that differed when it was young enough to be summed: from its first transaction on, as long as it
 * differs. Without this the difference would go away by growing old.
 */
export async function reconcileEarlierBalance(
  { stripe }: Pick<Readers, 'stripe'>,
  id: string,
  { from }: Pick<Span, 'from'>,
): Promise<Findings> {
  try {
    const { created } = await stripe.accounts.retrieve(id);
    // Of a younger one the comparison of accounts says it.
    if (created === undefined || created * 1000 >= from) return NOTHING_FOUND;
    return foundOfEarlierBalance(await summed(stripe, { id, moved: {}, movedAt: 0 }, 0));
  } catch (error) {
    if (isNotOurs(error)) return NOTHING_FOUND;
    throw error;
  }
}

/** With what came from then on (milliseconds since the epoch), so that both sides are of now. */
async function summed(
  stripe: Stripe,
  { id, moved, movedAt }: Pick<AccountPlace, 'id' | 'moved' | 'movedAt'>,
  since: number,
): Promise<SummedAccount> {
  const own = balanceOf(stripe, asAccount(id));
  const held = heldIn(await own.retrieve());
  const later = await sumLines(
    own.transactions({ created: { gte: Math.floor(since / 1000) }, limit: PAGE_SIZE }),
  );
  return {
    id,
    held,
    moved: sumBalances([moved, later.moved]),
    movedAt: Math.max(movedAt, later.newest * 1000),
  };
}

/** Null: the platform has no part in it. */
function movementOf({ source }: Stripe.BalanceTransaction): PlatformMovement | null {
  if (source === null || typeof source === 'string') return null;
  switch (source.object) {
    case 'charge':
      return movement('transfer', source.source_transfer);
    case 'refund':
      return movement('transfer_reversal', source.source_transfer_reversal);
    case 'fee_refund':
      return movement('fee_refund', source);
    default:
      return null;
  }
}

function movement(kind: PlatformMovement['kind'], object: string | { id: string } | null | undefined) {
  if (!object) return null;
  return { kind, id: typeof object === 'string' ? object : object.id };
}
