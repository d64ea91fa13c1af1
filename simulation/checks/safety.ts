import { openNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import { amountRefunded } from '../../domain/orders/order.ts';
import type { Account } from '../../sandbox/objects/accounts.ts';
import type { Transfer, TransferReversal } from '../../sandbox/objects/connect.ts';
import type { LedgerBalance, LedgerEntry } from '../../sandbox/objects/ledger.ts';
import type { Charge, PaymentIntent, Refund } from '../../sandbox/objects/payments.ts';
import type { Payout } from '../../sandbox/objects/payouts.ts';
import type { Callers } from '../lives/caller.ts';
import type { Plan } from '../lives/plan.ts';
import type { Execution } from '../temporal/execution.ts';
import type { Watcher, World } from '../world/world.ts';
import { Acknowledged } from './acknowledged.ts';
import { Approvals } from './approvals.ts';
import { DayLimitsHold } from './day-limits.ts';
import { Effects } from './effects.ts';
import { Records } from './records.ts';
import { Recoveries } from './recoveries.ts';
import { Refusals } from './refusals.ts';
import type { Restrictions } from './restrictions.ts';
import { WorkSafety } from './work-safety.ts';

/** Stages of a payment: it never goes back, unless the bank takes a debit back that had succeeded. */
const STAGES: Readonly<Record<string, number>> = {
  pending: 0,
  requires_payment_method: 1,
  requires_action: 1,
  processing: 1,
  authorized: 2,
  captured: 3,
  canceled: 4,
  expired: 4,
};

/** What must hold after every step, whatever goes wrong. The first violation ends the run. */
export class Safety implements Watcher {
  readonly #world: World;
  readonly #records: Records;
  readonly #works: WorkSafety;
  readonly #effects: Effects;
  readonly #approvals: Approvals;
  readonly #dayLimits: DayLimitsHold;
  readonly #recoveries: Recoveries;
  readonly #restrictions: Restrictions;
  readonly #refusals: Refusals;
  readonly #acknowledged = new Acknowledged();
  readonly #balances = new Map<string, LedgerBalance>();
  readonly #stages = new Map<string, string>();

  constructor(world: World, callers: Callers, plan: Plan, restrictions: Restrictions) {
    this.#world = world;
    this.#restrictions = restrictions;
    const fail = (why: string) => this.#fail(why);
    this.#effects = new Effects(world, fail);
    this.#approvals = new Approvals(world, callers, fail);
    this.#dayLimits = new DayLimitsHold(world, callers, fail);
    this.#recoveries = new Recoveries(world, plan, fail);
    this.#refusals = new Refusals(world, callers, plan, fail);
    this.#records = new Records(world, callers, this.#effects, this.#refusals, fail);
    this.#works = new WorkSafety(world, this.#effects, this.#records, restrictions, fail);
  }

  onCommit(writes: readonly (readonly [table: string, id: string, row: unknown])[]): void {
    this.#refusals.onCommit(writes);
    for (const [table, id, row] of writes) {
      if (row === null) continue;
      switch (table) {
        case 'ledger_entry':
          this.#entry(row as LedgerEntry);
          break;
        case 'ledger_balance':
          this.#balances.set(id, row as LedgerBalance);
          break;
        case 'charge':
          this.#charge(row as Charge);
          break;
        case 'payment_intent':
          this.#intent(row as PaymentIntent);
          break;
        case 'refund':
          this.#refund(row as Refund);
          this.#approvals.made('refund', row as Refund);
          this.#dayLimits.made('refund', row as Refund, this.#merchantOf(row as Refund));
          break;
        case 'transfer':
          this.#effects.once('transfer', row as Transfer);
          this.#approvals.made('transfer', row as Transfer);
          this.#dayLimits.made('transfer', row as Transfer, (row as Transfer).destination);
          break;
        case 'payout':
          this.#works.payout(row as Payout);
          this.#approvals.paidOut(row as Payout);
          this.#dayLimits.made('payout', row as Payout, (row as Payout).owner);
          break;
        case 'account':
          this.#works.account(row as Account);
          break;
        case 'transfer_reversal': {
          const reversal = row as TransferReversal;
          this.#effects.once(`reversal of ${reversal.transfer}`, reversal);
          this.#recoveries.made(reversal);
          break;
        }
      }
    }
  }

  afterStep(): void {
    const { server } = this.#world;
    for (const execution of server.changed) this.#run(execution);
    server.changed.clear();
    this.#refusals.answered();
  }

  /** All that the ledger holds adds up to nothing. */
  sumOfLedger(): void {
    const sums = new Map<string, number>();
    for (const { currency, amount } of this.#balances.values()) {
      sums.set(currency, (sums.get(currency) ?? 0) + amount);
    }
    for (const [currency, sum] of sums) if (sum !== 0) this.#fail(`the ledger is off by ${sum} ${currency}`);
  }

  #fail(why: string): void {
    this.#world.broken.push(why);
  }

  #entry({ description, lines }: LedgerEntry): void {
    const sums = new Map<string, number>();
    for (const { currency, amount } of lines) sums.set(currency, (sums.get(currency) ?? 0) + amount);
    for (const [currency, sum] of sums) {
      if (sum !== 0) this.#fail(`the ledger entry ${description} is off by ${sum} ${currency}`);
    }
  }

  #charge({ id, amount, amount_captured: captured, amount_refunded: refunded }: Charge): void {
    if (captured > amount) this.#fail(`${id}: captured ${captured} of ${amount}`);
    if (refunded > amount) this.#fail(`${id}: refunded ${refunded} of ${amount}`);
  }

  #intent(intent: PaymentIntent): void {
    if (intent.amount_received > intent.amount) {
      this.#fail(`${intent.id}: received ${intent.amount_received} of ${intent.amount}`);
    }
    const holds = intent.status === 'requires_capture' || intent.status === 'succeeded';
    if (holds) this.#effects.once('payment_intent', intent);
  }

  #merchantOf({ charge }: Refund): string | null {
    return this.#world.platform.world.store.get('charge', charge)?.transfer_data?.destination ?? null;
  }

  #refund(refund: Refund): void {
    this.#effects.once('refund', refund);
    const { store } = this.#world.platform.world;
    const charge = store.get('charge', refund.charge);
    if (!charge) return;
    const given = [...store.ids('refund', 'charge', refund.charge)]
      .map((id) => store.get('refund', id))
      .filter((one) => one?.balance_transaction && one.status !== 'failed' && one.status !== 'canceled')
      .reduce((sum, one) => sum + (one?.amount ?? 0), 0);
    if (given > charge.amount_captured) {
      this.#fail(`${charge.id}: refunded ${given} of ${charge.amount_captured} captured`);
    }
  }

  #run(execution: Execution): void {
    this.#records.check(execution);
    this.#works.check(execution);
    if (execution.beginning.type !== 'order') return;
    const order = this.#world.server.peek(execution, 'order') as Order | undefined;
    if (!order) return;
    this.#money(order);
    this.#stage(order);
    this.#restrictions.order(order);
    this.#refusals.shown(order);
    const again = this.#acknowledged.askedAgain(
      order,
      this.#world.server.forgotten.has(execution.workflowId),
    );
    if (again) this.#fail(`${order.terms.id}: ${again} asks again`);
    const asks = order.attention !== null || openNotices(order.notices).length > 0;
    // What was approved is still listed until it is done; a notice that comes with a renewal is once the one before is released.
    const mayDiffer = asks ? order.attention === null : this.#world.policy.approval !== undefined;
    if (order.pending === null || !mayDiffer) this.#records.isTold(execution, asks);
  }

  #money(order: Order): void {
    const { payment, terms } = order;
    if (
      payment.status === 'authorized' &&
      payment.amountCaptured + payment.amountCapturable > payment.amount
    ) {
      this.#fail(`${terms.id}: more is capturable than authorized`);
    }
    if (payment.status !== 'captured') return;
    if (payment.amountCaptured > payment.amount) this.#fail(`${terms.id}: captured more than authorized`);
    if (amountRefunded(order) - this.#failedUnheard(order) > payment.amountCaptured) {
      this.#fail(`${terms.id}: shows ${amountRefunded(order)} refunded of ${payment.amountCaptured}`);
    }
    const ids = [...order.refunds, ...order.transfers, ...order.adjustments, ...order.disputes].map(
      ({ id }) => id,
    );
    if (new Set(ids).size < ids.length) this.#fail(`${terms.id}: shows one thing twice: ${ids.join(' ')}`);
  }

  /** What a bank gave back a moment ago may be refunded again before Waybill hears of it. */
  #failedUnheard({ refunds }: Order): number {
    const { store } = this.#world.platform.world;
    return refunds
      .filter(({ id, status }) => status !== 'failed' && store.get('refund', id)?.status === 'failed')
      .reduce((sum, { amount }) => sum + amount, 0);
  }

  #stage({ payment, terms, failedCharges }: Order): void {
    const before = this.#stages.get(terms.id);
    this.#stages.set(terms.id, payment.status);
    // A reopened order reads its payment first; a renewal may come when the authorization before has just lapsed, and be captured.
    const isRenewed = before === 'expired' && payment.status !== 'canceled';
    if (before === undefined || payment.status === 'pending' || isRenewed) return;
    const isTakenBack = failedCharges.some(({ wasCaptured }) => wasCaptured);
    if (before === 'captured' && STAGES[payment.status] === STAGES.processing && isTakenBack) return;
    if (
      (STAGES[payment.status] ?? 0) < (STAGES[before] ?? 0) ||
      (before === 'captured' && payment.status !== 'captured')
    ) {
      this.#fail(`${terms.id}: went back from ${before} to ${payment.status}`);
    }
  }
}
