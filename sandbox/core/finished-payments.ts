import type { PaymentIntent } from '../objects/payments.ts';
import type { JobKind } from '../objects/records.ts';
import type { Row, TableName } from '../objects/tables.ts';
import type { Store } from './store.ts';
import type { Transaction } from './transaction.ts';

/** Which field of which table names the row that it belongs to. */
const PARTS: readonly [TableName, string][] = [
  ['charge', 'payment_intent'],
  ['transfer', 'source_transaction'],
  ['refund', 'charge'],
  ['dispute', 'charge'],
  ['early_fraud_warning', 'charge'],
  ['review', 'charge'],
  ['application_fee', 'charge'],
  ['transfer_reversal', 'transfer'],
  ['fee_refund', 'fee'],
  ['balance_transaction', 'source'],
  ['ledger_entry', 'source'],
];

const CLOSED_DISPUTES: ReadonlySet<string> = new Set(['won', 'lost', 'warning_closed']);

type Part = { [T in TableName]: { table: T; row: Row<T> } }[TableName];

/** Payments that have succeeded or were canceled, in that order, so that the oldest can be forgotten. */
export class FinishedPayments {
  private readonly store: Store;
  private readonly finished = new Set<string>();

  constructor(store: Store) {
    this.store = store;
    this.reload();
    store.onCommit((writes) => {
      for (const [table, id, row] of writes)
        if (table === 'payment_intent') this.note(id, row as PaymentIntent | null);
    });
  }

  reload(): void {
    this.finished.clear();
    for (const row of this.store.rows('payment_intent')) this.note(row.id, row);
  }

  /** Forgets a few of the oldest beyond `keptMax`, wholly: balances stay, for each ledger entry adds up to nothing. */
  sweep(keptMax: number, atOnce: number): void {
    const surplus = Math.min(this.finished.size - keptMax, atOnce);
    for (const id of [...this.finished].slice(0, Math.max(surplus, 0))) {
      const isForgotten = this.store.transaction((tx) => forget(tx, id));
      // It is looked at again when all the others have been.
      this.finished.delete(id);
      if (!isForgotten) this.finished.add(id);
    }
  }

  private note(id: string, intent: PaymentIntent | null): void {
    this.finished.delete(id);
    if (intent?.status === 'succeeded' || intent?.status === 'canceled') this.finished.add(id);
  }
}

/** With everything that came of it, on all accounts; unless something of it is still under way. */
function forget(tx: Transaction, id: string): boolean {
  const intent = tx.must('payment_intent', id);
  const parts: Part[] = [{ table: 'payment_intent', row: intent }];
  // Grows while it is gone through.
  for (const part of parts) {
    if (isUnderWay(tx, part)) return false;
    parts.push(...partsOf(tx, part));
  }
  for (const { table, row } of parts) tx.delete(table, row.id);
  const method = intent.payment_method && tx.get('payment_method', intent.payment_method);
  if (method && method.customer === null) tx.delete('payment_method', method.id);
  return true;
}

function* partsOf(tx: Transaction, { table, row }: Part): Generator<Part> {
  for (const [of, field] of PARTS) {
    for (const each of tx.where(of, field as never, row.id)) yield { table: of, row: each } as Part;
  }
  if (table === 'transfer') yield { table: 'charge', row: tx.must('charge', row.destination_payment) };
}

/** They find nothing to do where their object is gone. */
const IDLE_JOBS: ReadonlySet<JobKind> = new Set(['refer_refund']);

/** A job will ask for it, a bank or a reviewer has still to answer, or an automatic payout has still to name it. */
function isUnderWay(tx: Transaction, { table, row }: Part): boolean {
  for (const { kind } of tx.where('job', 'subject', row.id)) if (!IDLE_JOBS.has(kind)) return true;
  switch (table) {
    case 'refund':
      return row.status === 'pending' || row.status === 'requires_action';
    case 'dispute':
      return !CLOSED_DISPUTES.has(row.status);
    case 'review':
      return row.closed_reason === null;
    case 'balance_transaction':
      return row.payout === null && tx.must('account', row.owner).settings.schedule.interval !== 'manual';
    default:
      return false;
  }
}
