import { approvalNotices } from '../commands/approval.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { refusalOfResolve } from '../orders/resolve-refusals.ts';
import type { Payout } from './payout.ts';
import type { PayoutCommandBody } from './payout-command-table.ts';

/** Why this command cannot be carried out in the payout's present state; null if it can. */
export function refusalOfPayoutCommand(payout: Payout, command: PayoutCommandBody): Problem | null {
  const { state, attention } = payout;
  if (command.kind === 'resolve') {
    return refusalOfResolve({ attention, notices: approvalNotices(payout.approvals) }, command);
  }
  if (attention) {
    return problem(
      'needs_attention',
      `This payout needs attention (${attention.code}). Resolve it first: ${attention.allowedActions.join(', ')}.`,
    );
  }
  if (state.status === 'waiting_for_funds' || state.status === 'pending') return null;
  return problem(
    'state_conflict',
    `A payout that is ${state.status} cannot be canceled; it must be waiting_for_funds or pending.`,
  );
}
