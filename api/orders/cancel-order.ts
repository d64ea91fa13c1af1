import { cancelUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { cancelBody } from '../commands/commands.ts';
import { orderCommand } from './order-command.ts';

export const cancelOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/cancel',
    role: 'service',
    summary: 'Cancel before capture; an authorization is released',
    body: cancelBody,
    update: cancelUpdate,
    command: ({ reason }) => ({ kind: 'cancel', reason: reason ?? null }),
  });
