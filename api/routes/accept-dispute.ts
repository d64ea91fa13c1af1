import { z } from 'zod';
import { acceptDisputeUpdate } from '../../workflows/messages.ts';
import type { Backend } from '../backend.ts';
import { orderCommand } from './order-command.ts';

export const acceptDispute = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/dispute/accept',
    role: 'ops',
    summary: 'Give the dispute up: it is lost at once, and for good',
    body: z.strictObject({}).meta({ id: 'DisputeAccept' }),
    update: acceptDisputeUpdate,
    command: () => ({ kind: 'accept_dispute' }),
  });
