/** What may wait for a decision. */
export interface Decidable {
  readonly needs_attention?: { readonly since: string } | null;
  readonly approvals?: readonly { readonly id: string }[];
  readonly notices?: readonly {
    readonly subject: string;
    readonly since: string;
    readonly allowed_actions: readonly string[];
    readonly acknowledged_by: string | null;
  }[];
}

interface Asked {
  readonly action: string;
  readonly stripeId?: string;
  readonly asOf?: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** What a decision is about, in the API's words. */
export interface Pinned {
  readonly stripe_id?: string;
  readonly as_of?: string;
}

/**
 * What was shown when a decision was asked for, so that it is about nothing that comes before it is sent: the only subject that it can be
 * about, and the time of the newest that was there. Without a look at it first, it is decided on as the API finds it, and a repeat is the same
 * request.
 */
export async function pinned(asked: Asked, read: () => Promise<Decidable>): Promise<Pinned> {
  const { action, stripeId, asOf, yes, dryRun } = asked;
  const given = { ...(stripeId ? { stripe_id: stripeId } : {}), ...(asOf ? { as_of: asOf } : {}) };
  if (yes || dryRun) return given;
  const shown = await read();
  const { approvals = [] } = shown;
  if (action === 'approve' || action === 'decline')
    return { ...only(approvals.map(({ id }) => id)), ...given };
  const subject = action === 'acknowledge' ? only(openSubjects(shown, action)) : {};
  return { ...subject, ...newest(shown), ...given };
}

/** None of several, or of none: the API asks which one, or takes all that were there. */
function only(subjects: readonly string[]): Pinned {
  const [subject, ...others] = new Set(subjects);
  return subject !== undefined && others.length === 0 ? { stripe_id: subject } : {};
}

function openSubjects({ notices = [] }: Decidable, action: string): readonly string[] {
  const open = notices.filter(
    ({ allowed_actions, acknowledged_by }) => acknowledged_by === null && allowed_actions.includes(action),
  );
  return open.map(({ subject }) => subject);
}

function newest({ needs_attention: need, notices = [] }: Decidable): Pinned {
  const times = [...(need ? [need] : []), ...notices].map(({ since }) => since);
  const last = times.toSorted().at(-1);
  return last === undefined ? {} : { as_of: last };
}
