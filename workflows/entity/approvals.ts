import type { Approval, ApprovalPolicy, Decision, Stake } from '../../domain/commands/approval.ts';
import {
  approvalOf,
  decidedApproval,
  isApproval,
  problemOfDeclined,
  problemOfExpired,
  problemOfFull,
  problemOfWaiting,
} from '../../domain/commands/approval.ts';
import type { CommandEnvelope } from '../../domain/commands/command.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import { workflowNow } from '../shared/time.ts';
import type { CommandRecord } from './command-record.ts';
import type { Timer } from './timer.ts';

/** The record of an entity some of whose commands wait for another person. */
export interface Approving<Command extends CommandEnvelope> extends CommandRecord {
  readonly approvals: readonly Approval<Command>[];
  askApproval(approval: Approval<Command>): void;
  endApproval(id: string, cause: CommandEnvelope | null): void;
}

/** Ends a command that nobody approved. */
type GiveUp<Command> = (command: Command, why: Problem) => void;

/** All of them stand in the workflow's state and in its notices. */
const WAITING_MAX = 50;

/** Keeps a command until another person decides. Its caller is answered that it waits. */
export function hold<Command extends CommandEnvelope>(
  record: Approving<Command>,
  command: Command,
  stake: Stake,
  policy: ApprovalPolicy,
): void {
  const approval = approvalOf(command, stake, policy, workflowNow());
  // Its command may have been forgotten while it waits.
  const isWaiting = record.approvals.some(({ id }) => id === approval.id);
  if (!isWaiting && record.approvals.length >= WAITING_MAX) {
    record.endCommand(command, 'refused', problemOfFull(WAITING_MAX));
    return;
  }
  if (!isWaiting) record.askApproval(approval);
  record.endCommand(command, 'needs_approval', problemOfWaiting(approval));
}

/** Carries out what another person approved, or gives it up. The decision ends as what it decided on did. */
export async function decide<Command extends CommandEnvelope>(
  record: Approving<Command>,
  decision: Decision & CommandEnvelope,
  { execute, giveUp }: { execute(command: Command): Promise<void>; readonly giveUp: GiveUp<Command> },
): Promise<void> {
  const decided = decidedApproval(record.approvals, decision);
  if (!isApproval(decided)) {
    record.endCommand(decision, 'refused', decided);
    return;
  }
  // Its timer comes after what came before it: the workflow may have been busy, or without a worker.
  if (decided.expiresAt <= workflowNow()) {
    expire(record, decided, giveUp);
    record.endCommand(decision, 'refused', problemOfExpired(decided));
    return;
  }
  const { id, what, command } = decided;
  const detail = `${what} of ${command.actor}: ${decision.reason}`;
  record.note({ type: 'attention', name: decision.action, cause: decision, detail, stripeId: id });
  record.endApproval(id, decision);
  if (decision.action === 'decline') {
    giveUp(command, problemOfDeclined(decided, decision));
    record.endCommand(decision, 'done');
    return;
  }
  if (isAboutFormer(decided, record)) giveUp(command, ABOUT_FORMER);
  else await execute(command);
  const { outcome, problem: why } = record.answer(command.commandId).result;
  record.endCommand(decision, outcome, why);
}

const ABOUT_FORMER = problem(
  'state_conflict',
  'What was stuck when this was asked for is over, and something else is stuck. Ask for it again.',
);

/** Another operation is stuck than when somebody said that it is done. */
function isAboutFormer({ what, since }: Approval, { attention }: Pick<CommandRecord, 'attention'>): boolean {
  return what === 'mark_done' && attention !== null && attention.since > since;
}

/** An approval expires: what was asked for may no longer be right. */
export function approvalTimers<Command extends CommandEnvelope>(
  record: Approving<Command>,
  giveUp: GiveUp<Command>,
): readonly Timer[] {
  return record.approvals.map((approval) => ({
    at: approval.expiresAt,
    summary: `Nobody approved: ${approval.what} (${approval.id})`,
    fire: () => expire(record, approval, giveUp),
  }));
}

function expire<Command extends CommandEnvelope>(
  record: Approving<Command>,
  approval: Approval<Command>,
  giveUp: GiveUp<Command>,
): void {
  const { id, what, command } = approval;
  const why = problemOfExpired(approval);
  record.note({ type: 'attention', name: `${what} expired`, cause: command, detail: why.detail });
  record.endApproval(id, null);
  giveUp(command, why);
}
