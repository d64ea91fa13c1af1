import { confirmUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { confirmBody } from '../commands/commands.ts';
import { orderCommand } from './order-command.ts';
import { methodRef } from './order-terms.ts';

export const confirmOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/confirm',
    role: 'service',
    summary: 'Try another payment method after a decline, or continue after 3-D Secure',
    body: confirmBody,
    update: confirmUpdate,
    command: (body) => ({ kind: 'confirm', method: methodRef(body) }),
  });
