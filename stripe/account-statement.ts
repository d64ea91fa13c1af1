import type Stripe from 'stripe';
import type { Balances } from '../domain/money/money.ts';
import { negated, sumBalances } from '../domain/money/money.ts';
import type { StatementEntry, StatementLine } from '../domain/reconciliation/statement.ts';
import { StatementLines } from '../domain/reconciliation/statement.ts';
import type { ActingAs } from './acting-as.ts';
import { asPlatform } from './acting-as.ts';
import { balanceOf, heldIn, isOfPayments } from './own-money.ts';
import { readAll } from './read-all.ts';
import { STRIPE_READ } from './read-options.ts';
import { sumLines } from './sum-lines.ts';
import { Trails } from './trails.ts';

const PAGE = { limit: 100 };
/** How often it is tried to read a balance between two of its movements: on a busy platform each second has several. */
const TRIES = 20;

/** Seconds since the epoch. */
interface Span {
  readonly gte: number;
  readonly lt: number;
}

/** What moved an account's balance, by order: in a span of time, or what an automatic payout paid out. */
export async function statementLines(
  stripe: Stripe,
  as: ActingAs,
  filter: { created: Span } | { payout: string },
): Promise<readonly StatementLine[]> {
  const isPlatform = as === asPlatform;
  const listed = balanceOf(stripe, as).transactions(
    { ...PAGE, ...filter, expand: isPlatform ? ['data.source'] : ACCOUNT_EXPANDS },
    STRIPE_READ,
  );
  const lines = new StatementLines();
  let page: Stripe.BalanceTransaction[] = [];
  const take = async () => {
    lines.add(await entriesOf(stripe, as, page));
    page = [];
  };
  for await (const entry of listed) {
    if (isOfPayments(entry)) page.push(entry);
    if (page.length === PAGE.limit) await take();
  }
  await take();
  return lines.all();
}

/** What brought a line, and the charge behind that, come with it. */
export const ACCOUNT_EXPANDS = [
  'data.source.source_transfer.source_transaction',
  'data.source.charge.source_transfer',
];

async function entriesOf(
  stripe: Stripe,
  as: ActingAs,
  page: readonly Stripe.BalanceTransaction[],
): Promise<readonly StatementEntry[]> {
  const trails = new Trails(stripe, as, page);
  const entries: StatementEntry[] = [];
  for (const entry of page) {
    const { reporting_category: category, currency, amount, fee, source } = entry;
    const isTransferred =
      source !== null && typeof source !== 'string' && source.object === 'charge' && !!source.source_transfer;
    const orderId = await trails.orderOf(entry);
    entries.push({ category, isTransferred, orderId, currency, amount, fee });
  }
  return entries;
}

/** What an account held at a moment (seconds since the epoch), from what it holds now. Null: its balance does not stand still. */
export async function balanceAt(stripe: Stripe, as: ActingAs, moment: number): Promise<Balances | null> {
  const own = balanceOf(stripe, as);
  const linesFrom = (gte: number) => own.transactions({ ...PAGE, created: { gte } }, STRIPE_READ);
  const [newest] = (await own.transactions({ limit: 1 }, STRIPE_READ)).data;
  let before = await readAll(linesFrom(newest?.created ?? 0));
  for (let tries = 0; tries < TRIES; tries++) {
    // All of its newest second: which of those is listed first is not said.
    const second = Math.max(0, ...before.map(({ created }) => created));
    const known = new Set(before.filter(({ created }) => created === second).map(({ id }) => id));
    const held = heldIn(await own.retrieve(STRIPE_READ));
    const after = await readAll(linesFrom(second));
    if (after.length > known.size) {
      before = after;
      continue;
    }
    const isCounted = ({ id, created }: Stripe.BalanceTransaction) => created < second || known.has(id);
    const { moved } = await sumLines(linesFrom(moment), isCounted);
    return sumBalances([held, negated(moved)]);
  }
  return null;
}
