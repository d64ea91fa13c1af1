import type { TransferState } from '../../contract/transfers.ts';
import type { Aftermath } from '../commands/command-reply.ts';
import { presentTransfer } from './present-transfer.ts';

/** A transfer with no order, after a command. */
export function transferAftermath(transfer: TransferState, doneStatus: 200 | 201): Aftermath {
  return { location: `/v1/transfers/${transfer.input.id}`, body: presentTransfer(transfer), doneStatus };
}
