import type { CommandResponse } from '../commands/command-reply.ts';
import type { TransferResource } from './transfer-schema.ts';

/** A transfer with no order, after a command. */
export function transferResponse(transfer: TransferResource, doneStatus: 200 | 201): CommandResponse {
  return { location: `/v1/transfers/${transfer.id}`, body: transfer, doneStatus };
}
