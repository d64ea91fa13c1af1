import type { EventKind } from './event-types.ts';

/** Whether something needs somebody for another reason than before, or nothing does any more. `before`, `now`: its code. */
export function newsOfNeed<Kind extends Extract<EventKind, 'account' | 'payout' | 'transfer'>>(
  kind: Kind,
  before: string | null,
  now: string | null,
) {
  if (before === now) return [];
  const what = now === null ? 'attention_cleared' : 'needs_attention';
  return [{ type: `${kind}.${what}`, subject: null } as const];
}
