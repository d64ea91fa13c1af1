import type { Preview, Resolve, Waitable } from '@waybill/client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { given } from '../lists.ts';
import type { CommandHeaders } from '../perform.ts';
import { choice, perform, withDeedOptions } from '../perform.ts';
import { does } from '../run.ts';
import type { Decidable } from './pinned-subject.ts';
import { pinnedSubject } from './pinned-subject.ts';

const ACTIONS = ['retry', 'retry_with_new_key', 'mark_done', 'abandon', 'acknowledge', 'approve', 'decline'];

interface Resolving<T> {
  /** Absent: only what is stuck waits for a decision. */
  readonly read?: (context: Context, id: string) => Promise<Decidable>;
  readonly preview?: (context: Context, id: string, body: Resolve) => Promise<Preview>;
  readonly send: (context: Context, id: string, body: Resolve, headers: CommandHeaders) => Promise<T>;
}

/** What an operator decides about something that is stuck, or about a notice. */
export function resolves<T extends Waitable>(command: Command, { read, preview, send }: Resolving<T>): void {
  withDeedOptions(command, { hasPreview: preview !== undefined })
    .description('resolve a stuck operation or a notice, approve or decline what waits for you')
    .addOption(choice('--action <action>', 'one of its allowed_actions', ACTIONS).makeOptionMandatory())
    .requiredOption('--reason <text>', 'why, for the timeline')
    .option(
      '--stripe-id <id>',
      'with mark_done: the object at Stripe that shows the effect; with approve and decline: which approval; by default the only one that waits, with --yes also one that came since you looked',
    );
  does(command, async (context, [id = '', ...more], options) => {
    const { action, reason, stripeId: named } = options;
    const name = [id, ...more].join(' ');
    const pinned = read && (await pinnedSubject(options, () => read(context, name)));
    const body = given({ action, reason, stripe_id: named ?? pinned });
    return perform(context, options, {
      what: `Resolve ${name} by ${action}${pinned ? ` (${pinned})` : ''}`,
      ...(pinned ? { repeatedWith: `--stripe-id ${pinned}` } : {}),
      ...(preview ? { preview: () => preview(context, name, body) } : {}),
      send: (headers) => send(context, name, body, headers),
    });
  });
}
