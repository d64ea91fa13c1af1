import type { TransferState } from '../../contract/transfers.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { View } from '../entity/show.ts';

export function viewOfTransfer({ input, status, transfer }: TransferState): View {
  return {
    lines: [
      `**${status}** · ${formatMoney(input)} → \`${input.destination}\``,
      `Transfer \`${transfer?.id ?? '–'}\``,
    ],
    attributes: [],
  };
}
