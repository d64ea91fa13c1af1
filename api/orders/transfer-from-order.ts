import { transferUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { orderTransferBody } from '../commands/commands.ts';
import { orderCommand } from './order-command.ts';

export const transferFromOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/transfers',
    role: 'ops',
    summary: "Make a special-case transfer out of this order's charge",
    body: orderTransferBody,
    update: transferUpdate,
    command: async (body) => ({
      kind: 'transfer',
      amount: body.amount,
      destination: (await backend.accountIds.ofOptional(body.destination, 'destination')) ?? null,
      description: body.description,
    }),
  });
