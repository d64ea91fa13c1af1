import { submitEvidenceUpdate } from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import { evidenceBody } from './evidence-schema.ts';
import { orderCommand } from './order-command.ts';
import { stageEvidence } from './stage-evidence.ts';

export const submitEvidence = (backend: Backend) =>
  orderCommand(backend, {
    path: '/v1/orders/{id}/dispute/evidence',
    role: 'ops',
    summary: 'Keep evidence ready at Stripe, or submit it to the bank',
    body: evidenceBody,
    update: submitEvidenceUpdate,
    before: async (body, id, { commandId }) =>
      stageEvidence(backend.stripe, await backend.orders.read(id), body, commandId),
    command: ({ dispute = null, evidence, submit }) => ({
      kind: 'submit_evidence',
      dispute,
      fields: Object.keys(evidence),
      submit,
    }),
  });
