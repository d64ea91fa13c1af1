import { blockedBy } from '../attention/blocked-by.ts';
import type { Resolve } from '../commands/resolve-command.ts';
import { problemOfUnseen, seenUntil } from '../commands/resolve-command.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import { recoveryOperationId } from '../ids.ts';
import { noticesFor, openNotices } from './notices.ts';
import type { Order } from './order.ts';

type Decidable = Pick<Order, 'attention' | 'notices'>;

/** Why a decision about something stuck, whatever it belongs to, or about notices, is not taken; null: it is. */
export function refusalOfResolve(
  { attention, notices = [] }: Pick<Order, 'attention'> & Partial<Pick<Order, 'notices'>>,
  command: Resolve,
): Problem | null {
  const now = { attention, notices };
  if (decidesOnNotice(now, command)) {
    // The only action on a notice that calls Stripe.
    return attention && command.action === 'retry' ? blockedBy(attention) : null;
  }
  const refusal = refusalOfDeciding(seenIn(now, command), command);
  const { as_of: _, ...anyTime } = command;
  return refusal && command.as_of !== undefined && refusalOfResolve(now, anyTime) === null
    ? problemOfUnseen(command)
    : refusal;
}

/** What its sender may have seen. */
function seenIn({ attention, notices }: Decidable, command: Resolve): Decidable {
  const until = seenUntil(command);
  return {
    attention: attention && attention.since <= until ? attention : null,
    notices: notices.filter(({ since }) => since <= until),
  };
}

function refusalOfDeciding({ attention, notices }: Decidable, command: Resolve): Problem | null {
  if (!attention && openNotices(notices).length === 0) {
    return problem('state_conflict', 'Nothing needs attention here.');
  }
  if (!attention?.allowedActions.includes(command.action)) {
    return refusalOfAction({ attention, notices }, command);
  }
  if (command.action === 'mark_done' && command.stripe_id === undefined) {
    return problem('invalid_request', 'mark_done needs the id of the Stripe object that shows the effect.', {
      param: 'stripe_id',
    });
  }
  return null;
}

/** Neither what is stuck nor an open notice takes this action, or none that has this subject does. */
function refusalOfAction({ attention, notices }: Decidable, { action, stripe_id }: Resolve): Problem {
  const taking = noticesFor({ notices }, action, null);
  if (taking.length > 0) {
    const subjects = taking.map(({ subject }) => subject).join(', ');
    const why = `${action} is not allowed here for ${stripe_id}, only for: ${subjects}.`;
    return problem('state_conflict', why, { param: 'stripe_id' });
  }
  const allowed = new Set([
    ...(attention?.allowedActions ?? []),
    ...openNotices(notices).flatMap(({ allowedActions }) => allowedActions),
  ]);
  const why = `${action} is not allowed here. Allowed actions: ${[...allowed].join(', ')}.`;
  return problem('state_conflict', why, { param: 'action' });
}

/** What is approved is carried out at once. While an operation is stuck only a decision about that can be; the approval of anything else waits. */
export function refusalOfApproving(
  { attention, approvals }: Pick<Order, 'attention' | 'approvals'>,
  { action, stripe_id }: Resolve,
): Problem | null {
  if (action !== 'approve' || !attention) return null;
  const [approval, ...others] = approvals.filter(({ id }) => stripe_id === undefined || id === stripe_id);
  if (!approval || others.length > 0 || approval.command.kind === 'resolve') return null;
  return blockedBy(attention);
}

/** What is stuck comes first: only what its attention does not know, or what names a notice's subject, is about a notice. */
export function decidesOnNotice(now: Decidable, command: Resolve): boolean {
  const { attention, notices } = seenIn(now, command);
  const { action, stripe_id } = command;
  const stripeId = stripe_id ?? null;
  const mayMeanStuck = stripeId === null || attention?.operationId === recoveryOperationId(stripeId);
  if (mayMeanStuck && attention?.allowedActions.includes(action)) return false;
  return noticesFor({ notices }, action, stripeId).length > 0;
}
