import { readFileSync } from 'node:fs';
import type { OrderCreate } from '@waybill/client';
import type { Command } from 'commander';
import { given } from '../lists.ts';
import { money, printFields, printJson, printTable } from '../output.ts';
import { choice, jsonObject, perform, wholeNumber, withDeedOptions, withReason } from '../perform.ts';
import { does } from '../run.ts';
import { listOrders } from './list-orders.ts';
import { pairs } from './pairs.ts';
import { resolves } from './resolve.ts';
import { timeline } from './timeline.ts';

export function addOrders(program: Command): void {
  const orders = program.command('orders').description('payments, from the first charge to the last refund');
  listOrders(orders.command('list'));
  does(orders.command('get <order>').description('show one order'), async ({ waybill, json }, [id = '']) => {
    const order = await waybill.orders.get({ path: { id } });
    return json ? printJson(order) : printFields(order);
  });
  timeline(orders.command('timeline <order>'), ({ waybill }, id) =>
    waybill.orders.timeline({ path: { id } }),
  );
  payouts(orders.command('payouts <order>'));
  create(orders.command('create'));
  capture(orders.command('capture <order>'));
  cancel(orders.command('cancel <order>'));
  refund(orders.command('refund <order>'));
  update(orders.command('update <order>'));
  resolves(orders.command('resolve <order>'), {
    read: ({ waybill }, id) => waybill.orders.get({ path: { id } }),
    preview: ({ waybill }, id, body) => waybill.orders.previewResolve({ path: { id }, body }),
    send: ({ waybill }, id, body, headers) => waybill.orders.resolve({ path: { id }, body, headers }),
  });
}

function payouts(command: Command): void {
  command.description("the automatic payouts that carried an order's money to its account's bank");
  does(command, async ({ waybill, json }, [id = '']) => {
    const found = await waybill.orders.listPayouts({ path: { id } });
    if (json) return printJson(found);
    printTable(
      ['payout', 'status', 'amount', 'account', 'arrival', 'paid again by'],
      found.data.map(({ payout, amount, currency, connected_account, available_on }) => [
        payout?.id ?? 'none yet',
        payout?.status ?? `available ${available_on}`,
        money(amount, currency),
        connected_account,
        payout?.arrival_date,
        payout?.paid_again_by,
      ]),
    );
  });
}

function create(command: Command): void {
  withDeedOptions(command, { hasPreview: true })
    .description('start an order: authorize or capture a payment')
    .option('--id <order>', 'your own order id')
    .option('--amount <minor units>', '1000 is 10.00 USD', wholeNumber)
    .option('--currency <currency>', 'such as usd')
    .option('--account <account>', 'who is paid: acct_… or your reference')
    .option('--payment-method <id>', 'how the customer pays: pm_…')
    .option('--token <id>', 'a one-off token: tok_…')
    .option('--customer <id>', 'who pays: cus_…')
    .option('--application-fee <minor units>', "the platform's fee", wholeNumber)
    .option('--transfer-amount <minor units>', "the account's share, instead of a fee", wholeNumber)
    .addOption(
      choice('--capture-method <method>', 'manual by default', ['manual', 'automatic', 'automatic_async']),
    )
    .option('--metadata <key=value>', 'your own name and value; may be repeated', pairs)
    .option(
      '--data <json>',
      'the whole body as JSON; - reads it from stdin. Options above come on top',
      (data) => jsonObject(data === '-' ? readFileSync(0, 'utf8') : data),
    );
  does(command, (context, _, options) => {
    const body = { ...options.data, ...bodyOf(options) } as OrderCreate;
    const amount = body.amount && body.currency ? money(body.amount, body.currency) : 'a payment';
    return perform(context, options, {
      what: `Charge ${amount} for ${body.connected_account ?? 'nobody'}`,
      preview: () => context.waybill.orders.previewCreate({ body }),
      send: (headers) => context.waybill.orders.create({ body, headers }),
    });
  });
}

function bodyOf(options: Record<string, unknown>): object {
  return given({
    id: options.id,
    amount: options.amount,
    currency: options.currency,
    connected_account: options.account,
    payment_method: options.paymentMethod,
    token: options.token,
    customer: options.customer,
    application_fee_amount: options.applicationFee,
    transfer_amount: options.transferAmount,
    capture_method: options.captureMethod,
    metadata: options.metadata,
  });
}

function capture(command: Command): void {
  withReason(withDeedOptions(command, { hasPreview: true }))
    .description('capture what is authorized; the rest is released')
    .option('--amount <minor units>', 'only so much', wholeNumber)
    .option('--not-final', 'keep the rest authorized for another capture');
  does(command, (context, [id = ''], options) => {
    const request = {
      path: { id },
      body: given({
        amount: options.amount,
        final: options.notFinal ? false : undefined,
        reason: options.reason,
      }),
    };
    return perform(context, options, {
      what: `Capture ${id}`,
      preview: () => context.waybill.orders.previewCapture(request),
      send: (headers) => context.waybill.orders.capture({ ...request, headers }),
    });
  });
}

function cancel(command: Command): void {
  const reasons = ['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'];
  withDeedOptions(command, { hasPreview: true })
    .description('cancel before capture; an authorization is released')
    .addOption(choice('--reason <reason>', 'why, for Stripe', reasons));
  does(command, (context, [id = ''], options) => {
    const request = { path: { id }, body: given({ reason: options.reason }) };
    return perform(context, options, {
      what: `Cancel ${id}`,
      preview: () => context.waybill.orders.previewCancel(request),
      send: (headers) => context.waybill.orders.cancel({ ...request, headers }),
    });
  });
}

function refund(command: Command): void {
  const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'];
  withDeedOptions(command, { hasPreview: true })
    .description('refund all or part; by default the platform bears it')
    .option('--amount <minor units>', 'only so much', wholeNumber)
    .option('--reverse-transfer', 'take the share back from the connected account')
    .option('--refund-application-fee', 'return the fee with it; only with --reverse-transfer')
    .addOption(choice('--reason <reason>', 'why, for Stripe', reasons));
  does(command, (context, [id = ''], options) => {
    const body = given({
      amount: options.amount,
      reverse_transfer: options.reverseTransfer,
      refund_application_fee: options.refundApplicationFee,
      reason: options.reason,
    });
    return perform(context, options, {
      what: `Refund ${id}`,
      preview: () => context.waybill.orders.previewRefund({ path: { id }, body }),
      send: (headers) => context.waybill.orders.refund({ path: { id }, body, headers }),
    });
  });
}

function update(command: Command): void {
  withDeedOptions(command)
    .description("change an order's metadata, at Stripe too; what is not named stays")
    .requiredOption('--metadata <key=value>', 'may be repeated; `key=` removes the key', pairs);
  does(command, (context, [id = ''], options) =>
    perform(context, options, {
      what: `Change the metadata of ${id}`,
      send: (headers) =>
        context.waybill.orders.update({ path: { id }, body: { metadata: options.metadata }, headers }),
    }),
  );
}
