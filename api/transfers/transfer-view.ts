import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { TransferState } from '../../contract/transfers.ts';
import { presentPending } from '../../domain/commands/present-pending.ts';
import { presentTransfer } from '../../domain/orders/present-transfer.ts';
import { readReversals } from '../../stripe/reversals.ts';
import type { Attempt } from '../backend/attempt.ts';
import type { Backend } from '../backend/backend.ts';
import type { Asked } from '../commands/command-reply.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Reply } from '../http/endpoint.ts';
import { orElse } from '../http/or-else.ts';
import type { TransferResource } from './transfer-schema.ts';

/** A transfer with what Stripe says was reversed of it: its workflow ends once it is paid, so it cannot know. */
export async function transferView(
  { stripe, logger }: Pick<Backend, 'stripe' | 'logger'>,
  state: TransferState,
  attempt: Attempt | null = null,
): Promise<TransferResource> {
  const { transfer } = state;
  const reversals = transfer
    ? await orElse(logger, `Reading the reversals of ${transfer.id}`, null, () =>
        readReversals(stripe, transfer.id),
      )
    : [];
  return { ...presentTransfer(state, reversals), pending: presentPending(state.pending, attempt) };
}

/** The reply to a command of a transfer with no order. */
export async function transferReply(
  backend: Pick<Backend, 'stripe' | 'logger'>,
  answer: CommandAnswer<TransferState>,
  asked: Asked,
  doneStatus: 200 | 201,
): Promise<Reply> {
  const body = await transferView(backend, answer.state);
  return commandReply(answer, asked, { location: `/v1/transfers/${body.id}`, body, doneStatus });
}
