import { reverseTransferUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { reversalBody } from '../commands/commands.ts';
import { orderTransferParams } from '../http/params.ts';
import { orderCommand } from './order-command.ts';

export const reverseOrderTransfer = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/transfers/{transfer}/reversals',
    role: 'ops',
    summary: 'Reverse a special-case transfer of this order, in whole or in part',
    params: orderTransferParams,
    body: reversalBody,
    update: reverseTransferUpdate,
    command: ({ amount = null, reason = null }, { transfer }) => ({
      kind: 'reverse_transfer',
      transfer,
      amount,
      reason,
    }),
  });
