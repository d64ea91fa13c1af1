import type { TransferState } from '../../contract/transfers.ts';
import type { TransferReversals } from '../../stripe/reversals.ts';
import { readReversals } from '../../stripe/reversals.ts';
import type { Attempt } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { CommandResponse } from '../commands/command-reply.ts';
import type { ResponseDoc } from '../http/endpoint.ts';
import { orElse } from '../http/or-else.ts';
import { presentTransfer } from './present-transfer.ts';
import type { TransferResource } from './transfer-schema.ts';
import { transferResource } from './transfer-schema.ts';

const NONE: TransferReversals = { amountReversed: 0, reversals: [] };

/** A transfer with what Stripe says was reversed of it: its workflow ends once it is paid, so it cannot know. */
export async function transferView(
  { stripe, logger }: Pick<Backend, 'stripe' | 'logger'>,
  state: TransferState,
  attempt: Attempt | null = null,
): Promise<TransferResource> {
  const { transfer } = state;
  const reversed = transfer
    ? await orElse(logger, `Reading the reversals of ${transfer.id}`, null, () =>
        readReversals(stripe, transfer.id),
      )
    : NONE;
  return presentTransfer(state, reversed, attempt);
}

/** A transfer with no order, after a command. */
export function transferResponse(transfer: TransferResource, doneStatus: 200 | 201): CommandResponse {
  return { location: `/v1/transfers/${transfer.id}`, body: transfer, doneStatus };
}

export const transferCommandResponses: Readonly<Record<number, ResponseDoc>> = {
  200: { description: 'Done.', schema: transferResource },
  202: { description: 'Still on its way, or waiting for an operator.', schema: transferResource },
};
