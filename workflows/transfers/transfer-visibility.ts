import type { TransferState } from '../../contract/transfers.ts';
import { transferWorkflowId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { View } from '../entity/show.ts';

export function viewOfTransfer({ input, status, transfer, pending, attention }: TransferState): View {
  return {
    workflowId: transferWorkflowId(input.id),
    lines: [
      `**${status}** · ${formatMoney(input)} → \`${input.destination}\``,
      `Transfer \`${transfer?.id ?? '–'}\``,
    ],
    attributes: [],
    pending,
    attention,
    notices: [],
  };
}
