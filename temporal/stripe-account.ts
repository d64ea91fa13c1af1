import type { Client } from '@temporalio/client';
import { ScheduleNotFoundError } from '@temporalio/client';
import { SYNC_SCHEDULE_ID } from '../domain/ids.ts';

/** Whose key it is. An account has the same id in test and in live mode. */
export interface StripeAccount {
  readonly id: string;
  readonly livemode: boolean;
}

/** In the memo of what the feed's schedule starts: it is there as long as the installation, whatever ends or is deleted. */
const MEMO = 'stripe_account';

/** The account that this namespace works for, or null before its first worker knew it. */
export async function knownAccount(temporal: Client): Promise<StripeAccount | null> {
  try {
    const { action } = await temporal.schedule.getHandle(SYNC_SCHEDULE_ID).describe();
    return (action.memo?.[MEMO] as StripeAccount | undefined) ?? null;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return null;
    throw error;
  }
}

export async function rememberAccount(temporal: Client, account: StripeAccount): Promise<void> {
  await temporal.schedule.getHandle(SYNC_SCHEDULE_ID).update(({ spec, action, policies, state }) => ({
    spec,
    action: { ...action, memo: { ...action.memo, [MEMO]: account } },
    policies,
    state,
  }));
}

/** What is wrong with a key of `own` in the namespace of `known`; null: nothing. */
export function otherAccount(known: StripeAccount, own: StripeAccount): string | null {
  if (known.id === own.id && known.livemode === own.livemode) return null;
  return (
    `STRIPE_SECRET_KEY is of ${named(own)}, and this Temporal namespace is of ${named(known)}. ` +
    'Set a key of that account, or give the other one a namespace of its own.'
  );
}

function named({ id, livemode }: StripeAccount): string {
  return `${id} in ${livemode ? 'live' : 'test'} mode`;
}
