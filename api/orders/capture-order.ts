import { captureUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { captureBody } from '../commands/commands.ts';
import { orderCommand } from './order-command.ts';

export const captureOrder = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/capture',
    role: 'service',
    summary: 'Capture what is authorized; the rest is released unless `final` is false',
    body: captureBody,
    update: captureUpdate,
    command: ({ amount, final }) => ({ kind: 'capture', amount: amount ?? null, final }),
  });
