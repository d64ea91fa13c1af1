import { acceptDisputeUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { acceptBody } from './evidence-schema.ts';
import { orderCommand } from './order-command.ts';

export const acceptDispute = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/dispute/accept',
    role: 'ops',
    summary: 'Accept the dispute: it is lost at once and finally',
    body: acceptBody,
    update: acceptDisputeUpdate,
    command: ({ dispute = null }) => ({ kind: 'accept_dispute', dispute }),
  });
