import type { Timeline } from '@waybill/client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { printJson, printTable } from '../output.ts';
import { does } from '../run.ts';

export function timeline(command: Command, read: (context: Context, id: string) => Promise<Timeline>): void {
  command.description('every command, Stripe call and decision, oldest first');
  does(command, async (context, names) => {
    const { data } = await read(context, names.join(' '));
    if (context.json) return printJson({ data });
    printTable(
      ['at', 'type', 'what', 'by', 'detail'],
      data.map(({ at, type, name, actor, detail, stripe_id }) => [
        at,
        type,
        name,
        actor,
        detail ?? stripe_id,
      ]),
    );
  });
}
