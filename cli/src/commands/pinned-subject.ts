/** What may wait for a decision beside what is stuck. */
export interface Decidable {
  readonly approvals: readonly { readonly id: string }[];
  readonly notices?: readonly {
    readonly subject: string;
    readonly allowed_actions: readonly string[];
    readonly acknowledged_by: string | null;
  }[];
}

interface Asked {
  readonly action: string;
  readonly stripeId?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** The decisions that are about what waits, not about what is stuck. */
const SHOWN = ['approve', 'decline', 'acknowledge'];

/**
 * The one subject that a decision can be about, so that it is about no other that comes before it is sent; undefined: there are several, or
 * none, or one is named. Without a look at it first, it is decided on as the API finds it, and a repeat is the same request.
 */
export async function pinnedSubject(
  { action, stripeId: named, yes, dryRun }: Asked,
  read: () => Promise<Decidable>,
): Promise<string | undefined> {
  if (yes || dryRun || named !== undefined || !SHOWN.includes(action)) return undefined;
  const subjects = new Set(subjectsIn(await read(), action));
  const [only] = subjects;
  return subjects.size === 1 ? only : undefined;
}

function subjectsIn({ approvals, notices = [] }: Decidable, action: string): readonly string[] {
  if (action !== 'acknowledge') return approvals.map(({ id }) => id);
  const open = notices.filter(
    ({ allowed_actions, acknowledged_by }) => acknowledged_by === null && allowed_actions.includes(action),
  );
  return open.map(({ subject }) => subject);
}
