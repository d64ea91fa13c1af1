import { each } from '@waybill/client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { installationNeeds } from '../installation.ts';
import { note, printJson, printTable } from '../output.ts';
import { does } from '../run.ts';

interface Item {
  readonly object: string;
  readonly id: string;
  readonly code: string;
  readonly operation: string | null;
  readonly since: string | null;
  readonly deadline: string | null;
  readonly message: string;
  readonly allowed_actions: readonly string[];
}

/** What needs somebody, whatever kind of object it is, and of the whole installation: nearest deadline first, then the oldest. */
export function addAttention(program: Command): void {
  const command = program
    .command('attention')
    .description('everything that needs somebody, nearest deadline first');
  does(command, async (context) => {
    const ofInstallation = await installationItems(context);
    const items = [...(await itemsOf(context)), ...ofInstallation].sort((a, b) =>
      urgency(a).localeCompare(urgency(b)),
    );
    if (context.json) return printJson({ data: items });
    printTable(
      ['what', 'id', 'code', 'since', 'deadline', 'what happened', 'actions'],
      items.map((item) => [
        item.object,
        item.id,
        item.code,
        item.since,
        item.deadline,
        item.message,
        item.allowed_actions.join(', '),
      ]),
    );
    if (items.length > ofInstallation.length)
      note('Resolve with: waybill orders|transfers|payouts|accounts resolve <id> --action … --reason …');
  });
}

async function installationItems({ readMetrics }: Context): Promise<Item[]> {
  const metrics = await readMetrics();
  const needs = metrics === null ? null : installationNeeds(metrics);
  if (needs === null) note('What concerns the whole installation cannot be read now: waybill doctor');
  return (needs ?? []).map(({ code, since, message }) => ({
    object: 'installation',
    id: code,
    code,
    operation: null,
    since,
    deadline: null,
    message,
    allowed_actions: [],
  }));
}

async function itemsOf({ waybill }: Context): Promise<Item[]> {
  const query = { needs_attention: 'true', limit: 100 } as const;
  const lists = [
    each((from) => waybill.orders.list({ query: { ...query, ...from } })),
    each((from) => waybill.transfers.list({ query: { ...query, ...from } })),
    each((from) => waybill.payouts.list({ query: { ...query, ...from } })),
    each((from) => waybill.accounts.list({ query: { ...query, ...from } })),
  ];
  const items: Item[] = [];
  for (const list of lists) for await (const one of list) items.push(itemOf(one));
  return items;
}

/** Whatever a list shows: an item that is stuck, or one that cannot be read. */
type Listed = Parameters<typeof attentionOf>[0] & {
  readonly object: string;
  readonly id: string | null;
  readonly reference?: string;
};

function itemOf(one: Listed): Item {
  const account = one.object === 'payout' ? `${one.connected_account} ` : '';
  return { object: one.object, id: `${account}${one.reference ?? one.id}`, ...attentionOf(one) };
}

function attentionOf(one: {
  readonly unreadable?: string;
  readonly attention_code?: string | null;
  readonly connected_account?: string | null;
  readonly needs_attention?: (Omit<Item, 'object' | 'id'> & object) | null;
}): Omit<Item, 'object' | 'id'> {
  if (one.needs_attention) {
    const { code, operation, since, deadline, message, allowed_actions } = one.needs_attention;
    return { code, operation, since, deadline, message, allowed_actions };
  }
  const code = one.attention_code ?? 'unreadable';
  const message = one.unreadable ?? '';
  return { code, operation: null, since: null, deadline: null, message, allowed_actions: [] };
}

function urgency({ deadline, since }: Item): string {
  return `${deadline ?? '9999'} ${since ?? ''}`;
}
