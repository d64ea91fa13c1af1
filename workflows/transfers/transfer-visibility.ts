import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { TransferState } from '../../contract/transfers.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import {
  ATTENTION_CODE,
  delayedSince,
  describeAttention,
  describePending,
  NEEDS_ATTENTION,
  PENDING_SINCE,
} from '../visibility.ts';

/** Shows the transfer in Temporal's UI and, once it is stuck, in the lists by attention. */
export function createTransferShow(): (state: TransferState) => void {
  let shown = factsOf(null, null);
  return ({ input, status, transfer, pending, attention }) => {
    const lines = [
      `**${status}** · ${formatMoney(input)} → \`${input.destination}\``,
      `Transfer \`${transfer?.id ?? '–'}\``,
      ...describePending(pending),
      ...(attention ? describeAttention(attention, transferWorkflowId(input.id)) : []),
    ];
    setCurrentDetails(lines.join('\n\n'));
    const code = attention?.code ?? null;
    const pendingSince = delayedSince(pending);
    const facts = factsOf(code, pendingSince);
    if (facts === shown) return;
    shown = facts;
    upsertSearchAttributes([
      { key: NEEDS_ATTENTION, value: code !== null },
      { key: ATTENTION_CODE, value: code },
      { key: PENDING_SINCE, value: pendingSince },
    ]);
  };
}

function factsOf(attentionCode: string | null, pendingSince: ReturnType<typeof delayedSince>): string {
  return JSON.stringify([attentionCode, pendingSince]);
}
