import { resolveUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { resolveBody, resolveCommand } from '../commands/commands.ts';
import { orderCommand } from './order-command.ts';

export const resolveOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/resolve',
    role: 'ops',
    summary: 'Resolve a stuck operation or a notice',
    body: resolveBody,
    update: resolveUpdate,
    command: resolveCommand,
  });
