import { refundUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { refundBody } from '../commands/commands.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { brokenRuleOfRefund } from './money-rules.ts';
import { orderCommand } from './order-command.ts';

export const refundOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/refunds',
    role: 'ops',
    summary: 'Refund all or part; by default the platform bears it',
    body: refundBody,
    update: refundUpdate,
    command(body) {
      refuseIfBroken(brokenRuleOfRefund(body));
      return {
        kind: 'refund',
        amount: body.amount ?? null,
        reverseTransfer: body.reverse_transfer,
        refundApplicationFee: body.refund_application_fee,
        reason: body.reason ?? null,
      };
    },
  });
