import { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { StatementLine } from '../../domain/reconciliation/statement.ts';
import { BOOKED_AS, statementsOf } from '../../domain/reconciliation/statement.ts';
import { balanceAt, statementLines } from '../../stripe/account-statement.ts';
import type { ActingAs } from '../../stripe/acting-as.ts';
import { asAccount, asPlatform } from '../../stripe/acting-as.ts';
import { isNotOurs } from '../../stripe/errors.ts';
import { STRIPE_READ } from '../../stripe/read-options.ts';
import type { Backend } from '../backend/backend.ts';
import { PERIOD_DAYS_MAX } from '../http/bounded-period.ts';
import { CSV_TYPE, csvOf } from '../http/csv.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { endpoint } from '../http/endpoint.ts';
import * as field from '../http/fields.ts';

const DAY_MS = 24 * 3_600_000;
const COLUMNS = [
  'date',
  'connected_account',
  'currency',
  'record',
  'order',
  ...BOOKED_AS,
  'fees',
  'net',
  'balance',
] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], string | number | null>>;

const dailyQuery = z.strictObject({
  date: z.iso
    .date({ error: 'must be a date, such as 2026-01-31' })
    .meta({ description: 'A day in UTC that has ended.' }),
  connected_account: field.account
    .optional()
    .meta({ description: 'Only its statement; absent: the platform, and then each connected account.' }),
});

const payoutQuery = z.strictObject({
  connected_account: field.account,
  payout: field.anyStripeId.describe('A payout of this account (po_…).'),
});

/** A day of one account, or of all: an accountant can add it up. */
export function reportDailyStatement({ stripe, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'reports.dailyStatement',
    path: '/v1/reports/statements/daily',
    readsStripe: true,
    role: 'read',
    tag: 'Reports',
    summary:
      'What moved each balance on a day, by account and order, with opening and closing balance, as CSV',
    query: dailyQuery,
    responses: { 200: { description: 'In minor units.', contentType: 'text/csv' } },
    async handle({ query }) {
      const start = startOf(query.date);
      const account = await accountIds.ofOptional(query.connected_account, 'connected_account');
      async function* pages(): AsyncGenerator<Row[]> {
        if (account !== undefined) return yield await dayOf(asAccount(account), account, query.date, start);
        yield await dayOf(asPlatform, null, query.date, start);
        for await (const { id } of stripe.accounts.list({ limit: 100 }, STRIPE_READ)) {
          yield await ifConnected(() => dayOf(asAccount(id), id, query.date, start));
        }
      }
      async function dayOf(as: ActingAs, id: string | null, date: string, from: number): Promise<Row[]> {
        const [gte, lt] = [from / 1_000, (from + DAY_MS) / 1_000];
        const closing = await balanceAt(stripe, as, lt);
        if (closing === null) {
          throw new ProblemError(
            problem('unavailable', 'The balance changes too fast to be read. Try again.'),
          );
        }
        const lines = await statementLines(stripe, as, { created: { gte, lt } });
        return statementsOf(lines, closing).flatMap(({ currency, opening, lines: its, closing: end }) => {
          const of = { ...EMPTY, date, connected_account: id, currency };
          return [
            { ...of, record: 'opening', balance: opening },
            ...its.map((line) => ({ ...of, record: 'line', ...columnsOf(line) })),
            { ...of, record: 'closing', balance: end },
          ];
        });
      }
      return csvReply(await csvOf(COLUMNS, pages()), `statement-${query.date}.csv`);
    },
  });
}

/** The orders whose money an automatic payout paid out. */
export function reportPayoutStatement({ stripe, accountIds }: Backend): Endpoint {
  return endpoint({
    method: 'get',
    name: 'reports.payoutStatement',
    path: '/v1/reports/statements/payout',
    readsStripe: true,
    role: 'read',
    tag: 'Reports',
    summary: 'What an automatic payout paid out, by order, as CSV; Stripe traces no manual payout',
    query: payoutQuery,
    responses: { 200: { description: 'In minor units; the lines add up to 0.', contentType: 'text/csv' } },
    async handle({ query }) {
      const account = await accountIds.of(query.connected_account, 'connected_account');
      async function* pages(): AsyncGenerator<Row[]> {
        const lines = await statementLines(stripe, asAccount(account), { payout: query.payout });
        yield lines.map((line) => ({
          ...EMPTY,
          connected_account: account,
          currency: line.currency,
          record: 'line',
          ...columnsOf(line),
        }));
      }
      return csvReply(await csvOf(COLUMNS, pages()), `statement-${query.payout}.csv`);
    },
  });
}

/** Milliseconds since the epoch. */
function startOf(date: string): number {
  const start = Date.parse(`${date}T00:00:00Z`);
  const refuse = (detail: string) => {
    throw new ProblemError(problem('invalid_request', `date ${detail}`, { param: 'date' }));
  };
  const today = Math.floor(Date.now() / DAY_MS) * DAY_MS;
  if (start >= today) refuse('must be a day that has ended (UTC).');
  // All days of a quarter, still on the day after it.
  if (start < today - PERIOD_DAYS_MAX * DAY_MS) refuse(`must be at most ${PERIOD_DAYS_MAX} days ago.`);
  return start;
}

/** Of an account that was disconnected after it was listed there is no statement any more; the others have theirs. */
async function ifConnected(read: () => Promise<Row[]>): Promise<Row[]> {
  try {
    return await read();
  } catch (error) {
    if (isNotOurs(error)) return [];
    throw error;
  }
}

const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as Row;

function columnsOf({ orderId, currency: _, ...amounts }: StatementLine) {
  return { order: orderId, ...amounts };
}

function csvReply(body: unknown, filename: string) {
  return {
    status: 200,
    body,
    contentType: CSV_TYPE,
    headers: { 'Content-Disposition': `attachment; filename="${filename}"` },
  };
}
