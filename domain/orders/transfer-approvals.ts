import type { Stake } from '../commands/approval.ts';
import type { CommandEnvelope } from '../commands/command.ts';
import type { TransferCommand } from './transfer-command-table.ts';

/** A transfer with no order, as far as approvals are concerned. Amount in minor units. */
interface Transferring {
  readonly input: { readonly amount: number; readonly currency: string };
}

/** The money that a command of a transfer with no order is about; null: none that a second person has to see. */
export function stakeOfTransfer(
  { input: { amount, currency } }: Transferring,
  command: TransferCommand | (CommandEnvelope & { readonly kind: 'pay' }),
): Stake | null {
  if (command.kind === 'pay') return { what: 'transfer', amount, currency, total: amount };
  const marksDone = command.kind === 'resolve' && command.action === 'mark_done';
  return marksDone ? { what: 'mark_done', amount, currency, total: amount } : null;
}
