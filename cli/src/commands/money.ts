import type { Command } from 'commander';
import { given, showList, withListOptions } from '../lists.ts';
import { money, printFields, printJson, printTable } from '../output.ts';
import { perform, wholeNumber, withDeedOptions, withReason } from '../perform.ts';
import { does } from '../run.ts';
import { resolves } from './resolve.ts';
import { timeline } from './timeline.ts';

export function addTransfers(program: Command): void {
  const transfers = program.command('transfers').description('special-case transfers without an order');
  const list = withListOptions(transfers.command('list').description('list transfers, newest first'))
    .option('--needs-attention', 'only what needs somebody')
    .option('--destination <account>', 'to this connected account');
  does(list, (context, _, options) => {
    const filter = given({
      needs_attention: options.needsAttention && ('true' as const),
      destination: options.destination,
    });
    return showList(
      context,
      options,
      (query) => context.waybill.transfers.list({ query: { ...filter, ...query } }),
      ['transfer', 'status', 'amount', 'destination', 'attention', 'created'],
      (item) =>
        'unreadable' in item
          ? [item.id, item.status, null, null, item.unreadable, item.created]
          : [
              item.id,
              item.status,
              money(item.amount, item.currency),
              item.destination,
              item.needs_attention?.code,
              item.created,
            ],
    );
  });
  does(
    transfers.command('get <transfer>').description('show one transfer'),
    async ({ waybill, json }, [id = '']) => {
      const transfer = await waybill.transfers.get({ path: { id } });
      return json ? printJson(transfer) : printFields(transfer);
    },
  );
  timeline(transfers.command('timeline <transfer>'), ({ waybill }, id) =>
    waybill.transfers.timeline({ path: { id } }),
  );
  createTransfer(transfers.command('create'));
  reverseTransfer(transfers.command('reverse <transfer>'));
  resolves(transfers.command('resolve <transfer>'), {
    read: ({ waybill }, id) => waybill.transfers.get({ path: { id } }),
    preview: ({ waybill }, id, body) => waybill.transfers.previewResolve({ path: { id }, body }),
    send: ({ waybill }, id, body, headers) => waybill.transfers.resolve({ path: { id }, body, headers }),
  });
}

function createTransfer(command: Command): void {
  withReason(withDeedOptions(command, { hasPreview: true }))
    .description("pay a connected account out of the platform's available balance")
    .option('--id <transfer>', 'your own transfer id')
    .requiredOption('--amount <minor units>', '1000 is 10.00 USD', wholeNumber)
    .requiredOption('--currency <currency>', 'such as usd')
    .requiredOption('--destination <account>', 'who is paid: acct_… or your reference')
    .requiredOption('--description <text>', 'what for');
  does(command, (context, _, { id, amount, currency, destination, description, reason, ...options }) => {
    const body = { ...given({ id, reason }), amount, currency, destination, description };
    return perform(context, options, {
      what: `Transfer ${money(amount, currency)} to ${destination}`,
      preview: () => context.waybill.transfers.previewCreate({ body }),
      send: (headers) => context.waybill.transfers.create({ body, headers }),
    });
  });
}

function reverseTransfer(command: Command): void {
  withReason(withDeedOptions(command, { hasPreview: true }))
    .description('take a transfer back, in whole or in part')
    .option('--amount <minor units>', 'only so much', wholeNumber);
  does(command, (context, [id = ''], options) => {
    const request = { path: { id }, body: given({ amount: options.amount, reason: options.reason }) };
    return perform(context, options, {
      what: `Take ${id} back`,
      preview: () => context.waybill.transfers.previewReverse(request),
      send: (headers) => context.waybill.transfers.reverse({ ...request, headers }),
    });
  });
}

export function addPayouts(program: Command): void {
  const payouts = program.command('payouts').description('from connected accounts to their banks');
  const list = withListOptions(payouts.command('list').description('list payouts, newest first'))
    .option('--needs-attention', 'only what needs somebody')
    .option('--account <account>', 'of this connected account');
  does(list, (context, _, options) => {
    const filter = given({
      needs_attention: options.needsAttention && ('true' as const),
      connected_account: options.account,
    });
    return showList(
      context,
      options,
      (query) => context.waybill.payouts.list({ query: { ...filter, ...query } }),
      ['payout', 'status', 'amount', 'account', 'attention', 'created'],
      (item) =>
        'unreadable' in item
          ? [item.id, item.status, null, item.connected_account, item.unreadable, item.created]
          : [
              item.id,
              item.status,
              money(item.amount, item.currency),
              item.connected_account,
              item.needs_attention?.code,
              item.created,
            ],
    );
  });
  const get = payouts.command('get <account> <payout>').description('show one payout');
  does(get, async ({ waybill, json }, [id = '', payout = '']) => {
    const found = await waybill.payouts.get({ path: { id, payout } });
    return json ? printJson(found) : printFields(found);
  });
  timeline(payouts.command('timeline <account> <payout>'), ({ waybill }, name) =>
    waybill.payouts.timeline({ path: payoutNamed(name) }),
  );
  const orders = payouts.command('orders <account> <payout>');
  does(
    orders.description('the orders whose money an automatic payout carried'),
    async ({ waybill, json }, [id = '', payout = '']) => {
      const found = await waybill.payouts.listOrders({ path: { id, payout } });
      if (json) return printJson(found);
      printTable(
        ['order', 'transfers', 'refunds', 'fees', 'net'],
        found.data.map(({ order, transfers, refunds, fees, net, currency }) => [
          order ?? '(no order)',
          ...[transfers, refunds, fees, net].map((amount) => money(amount, currency)),
        ]),
      );
    },
  );
  createPayout(payouts.command('create <account>'));
  const cancel = withReason(
    withDeedOptions(payouts.command('cancel <account> <payout>').description('cancel a payout'), {
      hasPreview: true,
    }),
  );
  does(cancel, (context, [id = '', payout = ''], options) => {
    const request = { path: { id, payout }, body: given({ reason: options.reason }) };
    return perform(context, options, {
      what: `Cancel ${payout}`,
      preview: () => context.waybill.payouts.previewCancel(request),
      send: (headers) => context.waybill.payouts.cancel({ ...request, headers }),
    });
  });
  resolves(payouts.command('resolve <account> <payout>'), {
    read: ({ waybill }, name) => waybill.payouts.get({ path: payoutNamed(name) }),
    preview: ({ waybill }, name, body) => waybill.payouts.previewResolve({ path: payoutNamed(name), body }),
    send: ({ waybill }, name, body, headers) =>
      waybill.payouts.resolve({ path: payoutNamed(name), body, headers }),
  });
}

/** Its account and its id, as they are given on the command line. */
function payoutNamed(name: string) {
  const [id = '', payout = ''] = name.split(' ');
  return { id, payout };
}

function createPayout(command: Command): void {
  withReason(withDeedOptions(command, { hasPreview: true }))
    .description("pay out of a connected account's balance")
    .requiredOption('--amount <minor units>', '1000 is 10.00 USD', wholeNumber)
    .requiredOption('--currency <currency>', 'such as usd')
    .option('--instant', 'in minutes, to a debit card')
    .option('--when-available', 'wait until the balance covers it');
  does(command, (context, [id = ''], options) => {
    const { amount, currency } = options;
    const more = given({
      method: options.instant && ('instant' as const),
      when_available: options.whenAvailable,
      reason: options.reason,
    });
    const request = { path: { id }, body: { amount, currency, ...more } };
    return perform(context, options, {
      what: `Pay ${money(amount, currency)} out of ${id}`,
      preview: () => context.waybill.payouts.previewCreate(request),
      send: (headers) => context.waybill.payouts.create({ ...request, headers }),
    });
  });
}
