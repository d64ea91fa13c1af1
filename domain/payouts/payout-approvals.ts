import type { Stake } from '../commands/approval.ts';
import type { Payout } from './payout.ts';
import type { HeldPayoutCommand } from './payout-command-table.ts';

/** The money that a command of a payout is about; null: none that a second person has to see. */
export function stakeOfPayout({ terms }: Pick<Payout, 'terms'>, command: HeldPayoutCommand): Stake | null {
  const { amount, currency } = terms;
  if (command.kind === 'pay_out') return { what: 'payout', amount, currency, total: amount };
  const marksDone = command.kind === 'resolve' && command.action === 'mark_done';
  return marksDone ? { what: 'mark_done', amount, currency, total: amount } : null;
}
