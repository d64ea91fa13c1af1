import { blockedBy } from '../attention/blocked-by.ts';
import { approvalNotices } from '../commands/approval.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { ShownTransfer } from './present-transfer.ts';
import { refusalOfResolve } from './resolve-refusals.ts';
import type { TransferCommandBody } from './transfer-command-table.ts';

/** Why this command cannot be carried out in the present state of a transfer with no order; null if it can. */
export function refusalOfTransferCommand(
  { status, attention, approvals }: Pick<ShownTransfer, 'status' | 'attention' | 'approvals'>,
  command: TransferCommandBody,
): Problem | null {
  if (command.kind === 'resolve') {
    return refusalOfResolve({ attention, notices: approvalNotices(approvals) }, command);
  }
  if (attention) return blockedBy(attention);
  if (status === 'paid') return null;
  return problem('state_conflict', `This transfer is ${status}: only a paid one can be reversed.`);
}
