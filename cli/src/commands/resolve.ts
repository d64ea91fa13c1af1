import type { Preview, Resolve, Waitable } from '@waybill/client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { given } from '../lists.ts';
import type { CommandHeaders } from '../perform.ts';
import { choice, perform, withDeedOptions } from '../perform.ts';
import { does } from '../run.ts';
import type { Decidable, Pinned } from './pinned.ts';
import { pinned } from './pinned.ts';

const ACTIONS = ['retry', 'retry_with_new_key', 'mark_done', 'abandon', 'acknowledge', 'approve', 'decline'];

interface Resolving<T> {
  readonly read: (context: Context, id: string) => Promise<Decidable>;
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
    )
    .option(
      '--as-of <time>',
      'nothing that began later is meant; by default what is there when you are asked, with --yes also what came since you looked',
    );
  does(command, async (context, [id = '', ...more], options) => {
    const { action, reason, stripeId: named } = options;
    const name = [id, ...more].join(' ');
    const meant = await pinned(options, () => read(context, name));
    const body = given({ action, reason, ...meant });
    const subject = named === undefined && meant.stripe_id ? ` (${meant.stripe_id})` : '';
    return perform(context, options, {
      what: `Resolve ${name} by ${action}${subject}`,
      ...repeatedWith(meant, options),
      ...(preview ? { preview: () => preview(context, name, body) } : {}),
      send: (headers) => send(context, name, body, headers),
    });
  });
}

/** What was not given on the command line. */
function repeatedWith(meant: Pinned, { stripeId, asOf }: { stripeId?: string; asOf?: string }) {
  const options = [
    ...(meant.stripe_id && !stripeId ? [`--stripe-id ${meant.stripe_id}`] : []),
    ...(meant.as_of && !asOf ? [`--as-of ${meant.as_of}`] : []),
  ];
  return options.length > 0 ? { repeatedWith: options.join(' ') } : {};
}
