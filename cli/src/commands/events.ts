import type { Command } from 'commander';
import { given, showList, withListOptions } from '../lists.ts';
import { printFields, printJson } from '../output.ts';
import { does } from '../run.ts';

export function addEvents(program: Command): void {
  const events = program.command('events').description('outgoing events and their deliveries');
  const list = withListOptions(events.command('list').description('list events, newest first'))
    .option('--type <type>', 'such as order.captured')
    .option('--order <order>', 'of this order')
    .option('--payout <payout>', 'of this payout')
    .option('--transfer <transfer>', 'of this transfer without an order')
    .option('--account <account>', 'of this account: acct_… or your reference')
    .option('--created-after <time>', 'RFC 3339');
  does(list, (context, _, options) => {
    const { type, order, payout, transfer, account, createdAfter } = options;
    const filter = given({ type, order, payout, transfer, account, 'created[gte]': createdAfter });
    return showList(
      context,
      options,
      (query) => context.waybill.events.list({ query: { ...filter, ...query } }),
      ['event', 'type', 'deliveries', 'created'],
      (item) =>
        'unreadable' in item
          ? [item.id, null, item.unreadable, item.created]
          : [item.id, item.type, item.deliveries.map(({ status }) => status).join(', '), item.created],
    );
  });
  does(
    events.command('get <event>').description('show one event and its deliveries'),
    async ({ waybill, json }, [id = '']) => {
      const event = await waybill.events.get({ path: { id } });
      return json ? printJson(event) : printFields(event);
    },
  );
  const replay = events
    .command('replay <event>')
    .description('deliver an event once more, under the same webhook-id')
    .option('--subscription <id>', 'to this one only: wes_…');
  does(replay, async ({ waybill, json }, [id = ''], { subscription }) => {
    const event = await waybill.events.replay({ path: { id }, body: given({ subscription }) });
    return json ? printJson(event) : printFields(event);
  });
}
