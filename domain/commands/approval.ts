import type { Due, Notice } from '../attention/notice.ts';
import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { Money } from '../money/money.ts';
import { formatMoney } from '../money/money.ts';
import { sha256Hex } from '../sha256-hex.ts';
import type { CommandEnvelope } from './command.ts';
import type { Resolve } from './resolve-command.ts';
import { problemOfUnseen, seenUntil } from './resolve-command.ts';

/** Which commands another person has to approve. */
export interface ApprovalPolicy {
  /** By currency, in its minor units: what is above waits. A currency that is not named: every amount. */
  readonly above: Readonly<Record<string, number>>;
  /** Milliseconds after which nobody can approve any more. */
  readonly withinMs: number;
}

interface AnyCommand {
  readonly kind: string;
  readonly action?: string;
}

/** The money that a command is about, in minor units of `currency`. */
export interface Stake {
  /** In the field's words: `refund`, `transfer`, `payout`, `mark_done`. */
  readonly what: string;
  readonly amount: number;
  readonly currency: string;
  /** With what the same commands moved before: a large amount in small parts is still large. */
  readonly total: number;
}

/** A command that waits for another person. Times in milliseconds since the epoch. */
export interface Approval<Command extends CommandEnvelope = CommandEnvelope> extends Omit<Stake, 'total'> {
  readonly id: string;
  readonly command: Command;
  readonly since: number;
  readonly expiresAt: number;
}

/** The commands that a payout, or a transfer with no order, is there for, in the field's words. */
const BEGINNINGS: Readonly<Record<string, string>> = { pay: 'transfer', pay_out: 'payout' };

/** The money that a command of a payout, or of a transfer with no order, is about; null: none that a second person has to see. */
export function stakeOfWhole({ amount, currency }: Money, command: AnyCommand): Stake | null {
  const isMarked = command.kind === 'resolve' && command.action === 'mark_done';
  const what = isMarked ? 'mark_done' : BEGINNINGS[command.kind];
  return what === undefined ? null : { what, amount, currency, total: amount };
}

/** What an approval is decided by. */
export type Decision = Resolve & { readonly action: 'approve' | 'decline' };

export function isDecision(command: { readonly kind: string }): command is Decision {
  return command.kind === 'resolve' && ['approve', 'decline'].includes((command as Resolve).action);
}

export function needsApproval(policy: ApprovalPolicy | undefined, stake: Stake | null): stake is Stake {
  return policy !== undefined && stake !== null && stake.total > (policy.above[stake.currency] ?? 0);
}

export function approvalOf<Command extends CommandEnvelope>(
  command: Command,
  { what, amount, currency }: Stake,
  { withinMs }: ApprovalPolicy,
  now: number,
): Approval<Command> {
  const id = approvalId(command.commandId);
  return { id, command, what, amount, currency, since: now, expiresAt: now + withinMs };
}

/** The approval that a decision means, or why it means none. */
export function approvalMeant<A extends Approval>(
  approvals: readonly A[],
  decision: Pick<Resolve, 'action' | 'stripe_id' | 'as_of'>,
): A | Problem {
  const { stripe_id } = decision;
  const waiting = stripe_id === undefined ? approvals : approvals.filter(({ id }) => id === stripe_id);
  const meant = waiting.filter(({ since }) => since <= seenUntil(decision));
  const [approval, ...others] = meant;
  if (!approval && waiting.length > 0) return problemOfUnseen(decision);
  if (!approval) {
    const why =
      stripe_id === undefined ? 'Nothing waits for approval here.' : 'No pending approval has this id.';
    return problem('state_conflict', why, { param: 'stripe_id' });
  }
  if (others.length === 0) return approval;
  const each = meant.map((one) => `${one.id} (${askedFor(one)})`).join(', ');
  return problem('invalid_request', `Several wait for approval; name one as stripe_id: ${each}.`, {
    param: 'stripe_id',
  });
}

/** The same of a decision by `actor`, who may not decide on everything. */
export function decidedApproval<A extends Approval>(
  approvals: readonly A[],
  { actor, ...decision }: Pick<Decision, 'action' | 'stripe_id' | 'as_of'> & Pick<CommandEnvelope, 'actor'>,
): A | Problem {
  const approval = approvalMeant(approvals, decision);
  if (!isApproval(approval)) return approval;
  if (isSamePerson(approval.command.actor, actor)) {
    const why = `${actor} asked for this ${wordsOf(approval)}: another person has to decide.`;
    return problem('forbidden', why);
  }
  return approval;
}

export function isApproval<A extends Approval>(found: A | Problem): found is A {
  return 'command' in found;
}

/** What a decision by `actor` would be refused with; null: nothing, or it is none. */
export function refusalOfDecision(
  approvals: readonly Approval[],
  command: { readonly kind: string },
  actor: string,
): Problem | null {
  if (!isDecision(command)) return null;
  const decided = decidedApproval(approvals, { ...command, actor });
  return isApproval(decided) ? null : decided;
}

const TO_BE_DECIDED = 'Another person has to approve or decline it before the deadline.';

/** Who asks for what, for people. */
export function askedFor(approval: Approval): string {
  return `${approval.command.actor} asks for a ${wordsOf(approval)} of ${formatMoney(approval)}`;
}

/** What it asks of somebody else. */
export function approvalDue(approval: Approval): Due {
  const { id: subject, expiresAt: deadline } = approval;
  return {
    code: 'approval_needed',
    subject,
    message: `${askedFor(approval)}. ${TO_BE_DECIDED}`,
    deadline,
    allowedActions: ['approve', 'decline'],
  };
}

/** Those of what has no other notices. */
export function approvalNotices(approvals: readonly Approval[]): readonly Notice[] {
  return approvals.map((approval) => ({
    ...approvalDue(approval),
    since: approval.since,
    acknowledgedBy: null,
  }));
}

export function problemOfWaiting(approval: Approval): Problem {
  return problem('needs_approval', `This ${wordsOf(approval)} waits for another person's approval.`);
}

export function problemOfFull(waitingMax: number): Problem {
  const why = `${waitingMax} commands wait for an approval here. Approve or decline some, then ask again under a new key.`;
  return problem('state_conflict', why);
}

export function problemOfExpired(approval: Approval): Problem {
  return problem('state_conflict', `Nobody approved this ${wordsOf(approval)} in time. Ask for it again.`);
}

export function problemOfDeclined(
  approval: Approval,
  { actor, reason }: Pick<Decision & CommandEnvelope, 'actor' | 'reason'>,
): Problem {
  return problem('state_conflict', `${actor} declined this ${wordsOf(approval)}: ${reason}`);
}

/** A name that came through Temporal is the same person's. */
function isSamePerson(one: string, other: string): boolean {
  const [a, b] = [one, other].map((actor) => actor.replace(/ \(via temporal\)$/, '').toLowerCase());
  return a === b;
}

/** An id is typed as `stripe_id`, which takes no more (domain/commands/fields.ts). */
const ID_LENGTH_MAX = 250;

/**
 * A command's id in the form of ids: that of a signal may have other characters, or more of them. No two commands share one: `_2d` is
 * always a hyphen, which many ids have, and `_x` begins any other escape.
 */
export function approvalId(commandId: string): string {
  const escaped = commandId.replaceAll(/\W|_(?=x|2d)/g, (other) =>
    other === '-' ? '_2d' : `_x${other.charCodeAt(0).toString(16)}_`,
  );
  return escaped.length > ID_LENGTH_MAX ? `sig_x_${sha256Hex(commandId)}` : escaped;
}

function wordsOf({ what }: Pick<Approval, 'what'>): string {
  return what.replaceAll('_', ' ');
}
