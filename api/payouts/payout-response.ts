import type { Payout } from '../../domain/payouts/payout.ts';
import type { CommandResponse } from '../commands/command-reply.ts';
import { presentPayout } from './present-payout.ts';

/** A payout, after a command. One that waits for funds has been taken on and not been made: 202. */
export function payoutResponse(payout: Payout, doneStatus: 200 | 201): CommandResponse {
  const { terms, state } = payout;
  return {
    location: `/v1/accounts/${terms.connectedAccount}/payouts/${terms.id}`,
    body: presentPayout(payout),
    doneStatus: state.status === 'waiting_for_funds' ? 202 : doneStatus,
  };
}
