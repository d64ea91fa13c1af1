import type { Command } from 'commander';
import { given, showList, withListOptions } from '../lists.ts';
import { printFields, printJson } from '../output.ts';
import { does } from '../run.ts';
import { resolves } from './resolve.ts';
import { timeline } from './timeline.ts';

export function addAccounts(program: Command): void {
  const accounts = program
    .command('accounts')
    .description('connected accounts: what is enabled, what Stripe requires');
  const list = withListOptions(
    accounts.command('list').description('list connected accounts, newest first'),
  ).option('--needs-attention', 'only what needs somebody');
  does(list, (context, _, options) =>
    showList(
      context,
      options,
      (query) =>
        context.waybill.accounts.list({
          query: { ...given({ needs_attention: options.needsAttention && ('true' as const) }), ...query },
        }),
      ['account', 'reference', 'type', 'country', 'status', 'attention'],
      (item) =>
        'unreadable' in item
          ? [item.connected_account, item.id, null, null, item.status, item.unreadable]
          : [item.id, item.reference, item.type, item.country, item.status, item.needs_attention?.code],
    ),
  );
  does(
    accounts.command('get <account>').description('show one account'),
    async ({ waybill, json }, [id = '']) => {
      const account = await waybill.accounts.get({ path: { id } });
      return json ? printJson(account) : printFields(account);
    },
  );
  timeline(accounts.command('timeline <account>'), ({ waybill }, id) =>
    waybill.accounts.timeline({ path: { id } }),
  );
  resolves(accounts.command('resolve <account>'), {
    read: ({ waybill }, id) => waybill.accounts.get({ path: { id } }),
    send: ({ waybill }, id, body, headers) => waybill.accounts.resolve({ path: { id }, body, headers }),
  });
}
