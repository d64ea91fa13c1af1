import type { TransferReversal } from '../../domain/orders/present-transfer.ts';
import { approvalTimers } from '../entity/approvals.ts';
import { isStuck } from '../entity/perform.ts';
import { failedReadTimers, readFromStripe } from '../entity/readings.ts';
import type { Timer } from '../entity/timer.ts';
import type { TransferRecord } from './transfer-record.ts';

/** An event says that somebody reversed it: Stripe is asked what it knows of that. */
export async function readReversals(record: TransferRecord): Promise<void> {
  const { transfer } = record.state;
  // One of its own may be among them, and is recorded first: with its command.
  if (transfer === null || record.blocked) {
    record.readAtOnce();
    return;
  }
  const reversals = await readFromStripe<readonly TransferReversal[]>(
    record,
    'read the reversals',
    (activities) => activities.readReversals(transfer.id),
  );
  if (!isStuck(reversals)) record.observeReversals(reversals);
}

/** When something is due without a message. */
export function transferTimers(record: TransferRecord): readonly Timer[] {
  const unapproved = approvalTimers(record, (command, why) => record.giveUpUnapproved(command, why));
  if (record.blocked || record.state.transfer === null) return unapproved;
  return [...unapproved, ...failedReadTimers(record, () => readReversals(record))];
}
