import type { Context } from '../core/context.ts';
import type { Refund } from '../objects/payments.ts';
import { tellRefund } from './refund-outcomes.ts';

/**
 * Stripe asks the customer by email where a refund is to go, as for ways of paying that take no money back; again where a bank sent it
 * back after it had succeeded (docs.stripe.com/refunds#requires-action).
 */
export function askCustomer(ctx: Context, id: string, expiresInSeconds: number): Refund {
  const email_sent = { email_sent_at: ctx.now, email_sent_to: 'customer@example.com' };
  const display_details = { email_sent, expires_at: ctx.now + expiresInSeconds };
  const asked = ctx.tx.update('refund', id, {
    next_action: { type: 'display_details', display_details },
    status: 'requires_action',
  });
  tellRefund(ctx, asked);
  return asked;
}

/** The customer has said where, and their bank answers later. */
export function answerRefund(ctx: Context, id: string): Refund {
  const answered = ctx.tx.update('refund', id, { status: 'pending' });
  const dueMs = ctx.nowMs + ctx.settings.async_refund_seconds * 1000;
  ctx.tx.put('job', { id: `refund ${id}`, dueMs, kind: 'complete_refund', subject: id });
  tellRefund(ctx, answered);
  return answered;
}
