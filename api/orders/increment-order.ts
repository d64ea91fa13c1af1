import { incrementUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { incrementBody } from '../commands/commands.ts';
import { orderCommand } from './order-command.ts';

export const incrementOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/increment',
    role: 'service',
    summary: 'Raise the authorized amount, where card and account allow it',
    body: incrementBody,
    update: incrementUpdate,
    command: ({ amount }) => ({ kind: 'increment', amount }),
  });
