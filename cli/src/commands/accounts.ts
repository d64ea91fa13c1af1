import type { Command } from 'commander';
import { showList, withListOptions } from '../lists.ts';
import { printFields, printJson } from '../output.ts';
import { does } from '../run.ts';
import { resolves } from './resolve.ts';
import { timeline } from './timeline.ts';

export function addAccounts(program: Command): void {
  const accounts = program
    .command('accounts')
    .description('connected accounts: what is enabled, what Stripe requires');
  const list = withListOptions(accounts.command('list').description('list connected accounts, newest first'));
  does(list, (context, _, options) =>
    showList(
      context,
      options,
      (query) => context.waybill.accounts.list({ query }),
      ['account', 'reference', 'type', 'country', 'status', 'attention'],
      ({ id, reference, type, country, status, needs_attention }) => [
        id,
        reference,
        type,
        country,
        status,
        needs_attention?.code,
      ],
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
    send: ({ waybill }, id, body, headers) => waybill.accounts.resolve({ path: { id }, body, headers }),
  });
}
