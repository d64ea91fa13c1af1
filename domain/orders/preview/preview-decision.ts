import type { Approval } from '../../commands/approval.ts';
import { askedFor } from '../../commands/approval.ts';
import type { Resolve } from '../../commands/resolve-command.ts';
import { seenUntil } from '../../commands/resolve-command.ts';
import { formatMoney } from '../../money/money.ts';
import { disputeToAnswer } from '../dispute.ts';
import { noticesFor } from '../notices.ts';
import type { Order } from '../order.ts';
import type { OrderCommandBody } from '../order-command-table.ts';
import { decidesOnNotice } from '../resolve-refusals.ts';

/** What a decision may be about: a stuck operation, notices, or what waits for another person. */
interface Decided extends Pick<Order, 'attention' | 'notices'> {
  readonly approvals: readonly Approval[];
}

/** What an operator's decision does, in a sentence. It moves what the stuck operation or the dispute is about, and nothing else. */
export function summaryOfResolve(of: Decided, command: Resolve): string {
  return decidesOnNotice(of, command)
    ? summaryOfNotice(of, command)
    : summaryOfStuck(of, command.action, command.stripe_id);
}

function summaryOfStuck(
  { attention }: Decided,
  action: Resolve['action'],
  stripeId: string | undefined,
): string {
  const operation = `the stuck ${(attention?.operation ?? 'operation').replaceAll('_', ' ')}`;
  switch (action) {
    case 'retry':
      return `Tries ${operation} again with the same idempotency key: it cannot happen twice.`;
    case 'retry_with_new_key':
      return `Looks for the effect of ${operation} at Stripe, and tries it again with a new idempotency key if there is none.`;
    case 'mark_done':
      return `Reads ${stripeId ?? 'the object'} from Stripe and records it as the effect of ${operation}, if it matches.`;
    default:
      return `Looks for the effect of ${operation} at Stripe, and gives it up if there is none.`;
  }
}

function summaryOfNotice(of: Decided, command: Resolve): string {
  const { action, stripe_id } = command;
  const notices = noticesFor(of, action, stripe_id ?? null, seenUntil(command));
  const codes = notices.map(({ code }) => code.replaceAll('_', ' '));
  const meant = of.approvals.filter(({ id }) => notices.some(({ subject }) => subject === id));
  const asked = meant.map((approval) => `${askedFor(approval)}.`).join(' ');
  const isOne = codes.length === 1;
  const what = `${isOne ? 'the notice' : 'the notices'} ${codes.join(', ')}`;
  const waits = isOne ? 'waits' : 'wait';
  switch (action) {
    case 'retry':
      return `Tries at once what ${what} ${waits} for.`;
    case 'approve':
      return `Approves what another person asked for: it is carried out at once. ${asked}`;
    case 'decline':
      return `Declines what another person asked for: it is not carried out. ${asked}`;
    case 'abandon':
      return `Gives up what ${what} ${waits} for: the loss stays with you.`;
    default:
      return `Takes ${what} off the lists. The cause stays.`;
  }
}

export function summaryOfEvidence(
  { disputes }: Order,
  { dispute, fields, submit }: OrderCommandBody<'submit_evidence'>,
): string {
  const id = disputeToAnswer(disputes, dispute)?.id;
  const what = fields.length === 0 ? 'the evidence that is staged' : fields.join(', ');
  return submit
    ? `Submits ${what} to the bank in the dispute ${id}. This can be done only once.`
    : `Keeps ${what} ready at Stripe for the dispute ${id}, and submits nothing.`;
}

export function summaryOfAccept(
  { disputes, terms }: Order,
  { dispute: named }: OrderCommandBody<'accept_dispute'>,
): string {
  const dispute = disputeToAnswer(disputes, named);
  const lost = `Accepts the dispute ${dispute?.id} over ${dispute && formatMoney(dispute)}: it is lost at once and finally.`;
  return terms.onDisputeLost === 'recover' ? `${lost} The seller's share is then taken back.` : lost;
}
