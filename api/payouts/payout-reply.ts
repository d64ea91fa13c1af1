import type { CommandAnswer } from '../../contract/command-messages.ts';
import type { Payout } from '../../domain/payouts/payout.ts';
import { presentPayout } from '../../domain/payouts/present-payout.ts';
import type { Asked } from '../commands/command-reply.ts';
import { commandReply } from '../commands/command-reply.ts';
import type { Reply } from '../http/endpoint.ts';

/** The reply to a payout's command. A payout that waits for funds has been taken on and not been made: 202. */
export function payoutReply(answer: CommandAnswer<Payout>, asked: Asked, doneStatus: 200 | 201): Reply {
  const { terms, state } = answer.state;
  return commandReply(answer, asked, {
    location: `/v1/accounts/${terms.connectedAccount}/payouts/${terms.id}`,
    body: presentPayout(answer.state),
    doneStatus: state.status === 'waiting_for_funds' ? 202 : doneStatus,
  });
}
