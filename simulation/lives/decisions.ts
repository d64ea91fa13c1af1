import { approvalId } from '../../domain/commands/approval.ts';
import type { World } from '../world/world.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './times.ts';

type Decision = {
  readonly kind: 'resolve';
  readonly action: 'approve' | 'decline';
  readonly stripe_id: string;
  readonly reason: string;
};

interface Deciding {
  /** What waits for a decision, as a worker has it in its memory. */
  waiting(): readonly { readonly id: string }[] | undefined;
  decide(decision: Decision, actor: string): void;
}

/** Soon, or when an approval may have lapsed, or on another day. */
const DECIDED_AFTER_MS = [5 * SECOND_MS, 30 * SECOND_MS, 10 * MINUTE_MS, 5 * HOUR_MS];
/** When all that is asked for now will have been decided. */
export const DECIDED_WITHIN_MS = Math.max(...DECIDED_AFTER_MS);

/** Where a limit asks for two pairs of eyes, somebody approves or declines a command; now and then whoever asked for it tries to. */
export function decideLater(world: World, lot: number, commandId: string, deciding: Deciding): void {
  if (!world.policy.approval) return;
  const after = DECIDED_AFTER_MS[lot % DECIDED_AFTER_MS.length] ?? 0;
  world.clock.after(after, () => {
    const subject = approvalId(commandId);
    if (!deciding.waiting()?.some(({ id }) => id === subject)) return;
    const action = lot % 5 === 0 ? 'decline' : 'approve';
    const body = { kind: 'resolve', action, stripe_id: subject, reason: 'looked at it' } as const;
    deciding.decide(body, lot % 7 === 0 ? 'caller' : 'somebody else');
  });
}
