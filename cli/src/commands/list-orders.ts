import { once } from 'node:events';
import type { OrderList } from '@waybill/client';
import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { given, showList, withListOptions } from '../lists.ts';
import type { Row } from '../output.ts';
import { money } from '../output.ts';
import { choice, wholeNumber } from '../perform.ts';
import type { Options } from '../run.ts';
import { does } from '../run.ts';
import { pairs } from './pairs.ts';

const STATUSES = [
  ...['pending', 'requires_payment_method', 'requires_action', 'processing', 'authorized', 'captured'],
  ...['refunded', 'canceled', 'expired'],
];
const HEAD = ['order', 'status', 'amount', 'captured', 'refunded', 'account', 'attention', 'created'];

export function listOrders(command: Command): void {
  withListOptions(command)
    .description('list orders, newest first')
    .addOption(choice('--status <status>', 'in this status', STATUSES))
    .option('--needs-attention', 'only what needs somebody')
    .option('--account <account>', 'of this connected account: acct_… or your reference')
    .option('--customer <customer>', 'of this customer')
    .option('--customer-email <address>', 'of the customers with this address at Stripe')
    .option('--metadata <key=value>', 'with this pair in its metadata; may be repeated', pairs)
    .option('--payment-intent <id>', 'the one of this payment; takes no other filter')
    .option('--charge <id>', 'the one of this charge; takes no other filter')
    .option('--dispute-status <status>', 'with a dispute that stands so')
    .option('--pending-for <seconds>', 'with an operation retried for at least so long', wholeNumber)
    .option('--created-after <time>', 'RFC 3339')
    .option('--created-before <time>', 'RFC 3339')
    .option('--capture-after <time>', 'to be captured after this time, RFC 3339')
    .option('--capture-before <time>', 'to be captured before this time, RFC 3339')
    .option('--csv', 'print all of a period as a table for spreadsheets, in minor units');
  does(command, (context, _, options) =>
    options.csv ? printCsv(context, filterOf(options)) : show(context, options, filterOf(options)),
  );
}

export function addFind(program: Command): void {
  const command = withListOptions(program.command('find <text>')).description(
    'find orders by what you have: an id, pi_…, ch_…, cus_…, acct_…, an e-mail address, key=value of metadata',
  );
  does(command, async (context, [text = ''], options) => {
    const filter = filterOfText(text);
    if (filter) return show(context, options, filter);
    const order = await context.waybill.orders.get({ path: { id: text } });
    return showList(context, options, async () => ({ data: [order], has_more: false }), HEAD, rowOf);
  });
}

function filterOf(options: Options): object {
  return given({
    status: options.status,
    needs_attention: options.needsAttention && ('true' as const),
    connected_account: options.account,
    customer: options.customer,
    customer_email: options.customerEmail,
    metadata: options.metadata,
    payment_intent: options.paymentIntent,
    charge: options.charge,
    dispute_status: options.disputeStatus,
    'pending_for[gte]': options.pendingFor,
    'created[gte]': options.createdAfter,
    'created[lte]': options.createdBefore,
    'capture_before[gte]': options.captureAfter,
    'capture_before[lte]': options.captureBefore,
  });
}

/** Null: it is an order's id. */
function filterOfText(text: string): object | null {
  if (text.indexOf('=') > 0) return { metadata: pairs(text) };
  if (text.startsWith('pi_')) return { payment_intent: text };
  if (text.startsWith('ch_')) return { charge: text };
  if (text.startsWith('cus_')) return { customer: text };
  if (text.startsWith('acct_')) return { connected_account: text };
  return text.includes('@') ? { customer_email: text } : null;
}

function show(context: Context, options: Options, filter: object) {
  const page = (query: object) => context.waybill.orders.list({ query: { ...filter, ...query } });
  return showList(context, options, page, HEAD, rowOf);
}

/** As it comes: a year's orders are never in memory. */
async function printCsv({ waybill }: Context, filter: object): Promise<void> {
  const query = { ...filter, format: 'csv' } as const;
  const answer: unknown = await waybill.orders.list({ query, parseAs: 'stream' });
  for await (const chunk of answer as AsyncIterable<Uint8Array>)
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
}

function rowOf(item: OrderList['data'][number]): Row {
  if ('unreadable' in item)
    return [item.id, item.status, null, null, null, item.connected_account, item.unreadable, item.created];
  const { id, status, amount, amount_captured, amount_refunded, currency, connected_account, created } = item;
  const amounts = [amount, amount_captured, amount_refunded].map((minor) => money(minor, currency));
  return [id, status, ...amounts, connected_account, item.needs_attention?.code, created];
}
