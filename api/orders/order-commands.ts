import {
  acceptDisputeUpdate,
  cancelUpdate,
  captureUpdate,
  confirmUpdate,
  incrementUpdate,
  refundUpdate,
  resolveUpdate,
  reverseTransferUpdate,
  submitEvidenceUpdate,
  transferUpdate,
} from '../../contract/orders.ts';
import type { Backend } from '../backend/backend.ts';
import {
  cancelBody,
  captureBody,
  confirmBody,
  incrementBody,
  orderTransferBody,
  refundBody,
  resolveBody,
  resolveCommand,
  reversalBody,
} from '../commands/commands.ts';
import type { Endpoint } from '../http/endpoint.ts';
import { orderTransferParams } from '../http/params.ts';
import { refuseIfBroken } from '../http/problems.ts';
import { acceptBody, evidenceBody } from './evidence-schema.ts';
import { brokenRuleOfRefund } from './money-rules.ts';
import { orderCommand } from './order-command.ts';
import { methodRef } from './order-terms.ts';
import { stageEvidence } from './stage-evidence.ts';

/** Every command that an existing order takes: its path, who may send it, and how its body becomes a command. */
export function orderCommands(backend: Backend): readonly Endpoint[] {
  return [
    orderCommand(backend, {
      path: '/v1/orders/{id}/confirm',
      role: 'service',
      summary: 'Try another payment method after a decline, or continue after 3-D Secure',
      body: confirmBody,
      update: confirmUpdate,
      command: (body) => ({ kind: 'confirm', method: methodRef(body) }),
    }),
    orderCommand(backend, {
      path: '/v1/orders/{id}/capture',
      role: 'service',
      summary: 'Capture what is authorized; the rest is released unless `final` is false',
      body: captureBody,
      update: captureUpdate,
      command: ({ amount, final }) => ({ kind: 'capture', amount: amount ?? null, final }),
    }),
    orderCommand(backend, {
      path: '/v1/orders/{id}/increment',
      role: 'service',
      summary: 'Raise the authorized amount, where card and account allow it',
      body: incrementBody,
      update: incrementUpdate,
      command: ({ amount }) => ({ kind: 'increment', amount }),
    }),
    orderCommand(backend, {
      path: '/v1/orders/{id}/cancel',
      role: 'service',
      summary: 'Cancel before capture; an authorization is released',
      body: cancelBody,
      update: cancelUpdate,
      command: ({ reason }) => ({ kind: 'cancel', reason: reason ?? null }),
    }),
    orderCommand(backend, {
      path: '/v1/orders/{id}/refunds',
      role: 'ops',
      summary: 'Refund all or part; by default the platform bears it',
      body: refundBody,
      update: refundUpdate,
      command(body) {
        refuseIfBroken(brokenRuleOfRefund(body));
        return {
          kind: 'refund',
          amount: body.amount ?? null,
          reverseTransfer: body.reverse_transfer,
          refundApplicationFee: body.refund_application_fee,
          reason: body.reason ?? null,
        };
      },
    }),
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
    }),
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
    }),
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
    }),
    orderCommand(backend, {
      path: '/v1/orders/{id}/dispute/accept',
      role: 'ops',
      summary: 'Accept the dispute: it is lost at once and finally',
      body: acceptBody,
      update: acceptDisputeUpdate,
      command: ({ dispute = null }) => ({ kind: 'accept_dispute', dispute }),
    }),
    orderCommand(backend, {
      path: '/v1/orders/{id}/resolve',
      role: 'ops',
      summary: 'Resolve a stuck operation or a notice',
      body: resolveBody,
      update: resolveUpdate,
      command: resolveCommand,
    }),
  ];
}
