import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { transferWorkflowId } from '../domain/ids.ts';
import { formatMoney } from '../domain/money.ts';
import type { TransferState } from './messages.ts';
import { ATTENTION_CODE, describeAttention, NEEDS_ATTENTION } from './visibility.ts';

/** Shows the transfer in Temporal's UI and, once something of it is stuck, in the lists of what needs attention. */
export function createTransferShow(): (state: TransferState) => void {
  let shown: string | null = null;
  return ({ input, status, transfer, attention }) => {
    const lines = [
      `**${status}** · ${formatMoney(input)} → \`${input.destination}\``,
      `Transfer \`${transfer?.id ?? '–'}\``,
      ...(attention ? describeAttention(attention, transferWorkflowId(input.id)) : []),
    ];
    setCurrentDetails(lines.join('\n\n'));
    const code = attention?.code ?? null;
    if (code === shown) return;
    shown = code;
    upsertSearchAttributes([
      { key: NEEDS_ATTENTION, value: code !== null },
      { key: ATTENTION_CODE, value: code },
    ]);
  };
}
