import type { Payout } from '../../domain/payouts/payout.ts';
import type { Aftermath } from '../commands/command-reply.ts';
import { presentPayout } from './present-payout.ts';

/** A payout, after a command. One that waits for funds has been taken on and not been made: 202. */
export function payoutAftermath(payout: Payout, doneStatus: 200 | 201): Aftermath {
  const { terms, state } = payout;
  return {
    location: `/v1/accounts/${terms.connectedAccount}/payouts/${terms.id}`,
    body: presentPayout(payout),
    doneStatus: state.status === 'waiting_for_funds' ? 202 : doneStatus,
  };
}
