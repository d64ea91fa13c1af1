import type { Command } from 'commander';
import { given, showList, withListOptions } from '../lists.ts';
import { money } from '../output.ts';
import { choice, jsonObject, perform, withDeedOptions, withReason } from '../perform.ts';
import { does } from '../run.ts';

const STATUSES = [
  ...[
    'warning_needs_response',
    'warning_under_review',
    'warning_closed',
    'needs_response',
    'under_review',
    'won',
  ],
  ...['lost', 'appeal_needs_response', 'appeal_under_review', 'prevented'],
];

export function addDisputes(program: Command): void {
  const disputes = program.command('disputes').description('what customers disputed at their banks');
  const list = withListOptions(
    disputes.command('list').description('list orders with a dispute in one status'),
  );
  list.addOption(choice('--status <status>', 'of the dispute', STATUSES).default('needs_response'));
  does(list, (context, _, options) => {
    const filter = { dispute_status: options.status, 'expand[]': 'data' } as const;
    return showList(
      context,
      options,
      (query) => context.waybill.orders.list({ query: { ...filter, ...query } }),
      ['order', 'dispute', 'status', 'amount', 'reason', 'answer until'],
      (item) => {
        if (!('dispute' in item) || item.dispute === null) return [item.id, null, item.status];
        const { id, status, amount, currency, reason, evidence_due_by } = item.dispute;
        return [item.id, id, status, money(amount, currency), reason, evidence_due_by];
      },
    );
  });
  evidence(disputes.command('evidence <order>'));
  const accept = withReason(withDeedOptions(disputes.command('accept <order>'), { hasPreview: true }))
    .description('accept the dispute: it is lost at once and finally')
    .option('--dispute <id>', 'which one, where several are open');
  does(accept, (context, [id = ''], { dispute, reason, ...options }) => {
    const request = { path: { id }, body: given({ dispute, reason }) };
    return perform(context, options, {
      what: `Accept the dispute of ${id}: the money is lost`,
      preview: () => context.waybill.orders.previewAcceptDispute(request),
      send: (headers) => context.waybill.orders.acceptDispute({ ...request, headers }),
    });
  });
}

function evidence(command: Command): void {
  withReason(withDeedOptions(command, { hasPreview: true }))
    .description('keep evidence at Stripe, or submit it to the bank, once and for good')
    .option('--evidence <json>', 'Stripe\'s own fields, such as {"product_description": "…"}', jsonObject, {})
    .option('--submit', 'it goes to the bank')
    .option('--dispute <id>', 'which one, where several are open');
  does(command, (context, [id = ''], options) => {
    const { evidence: fields, submit = false, dispute, reason } = options;
    const request = { path: { id }, body: { evidence: fields, submit, ...given({ dispute, reason }) } };
    return perform(context, options, {
      what: `${submit ? 'Submit' : 'Keep'} evidence for ${id}`,
      preview: () => context.waybill.orders.previewSubmitEvidence(request),
      send: (headers) => context.waybill.orders.submitEvidence({ ...request, headers }),
    });
  });
}
