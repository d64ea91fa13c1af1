import type { OrderCommandBody } from '../../domain/orders/order-command-table.ts';
import { refundable } from '../../sandbox/flows/refundable.ts';
import type { Dispute } from '../../sandbox/objects/disputes.ts';
import type { Charge, PaymentIntent } from '../../sandbox/objects/payments.ts';
import type { World } from '../world/world.ts';

/** What of a payment at Stripe decides which commands it allows. Amounts in minor units. */
export interface Standing {
  readonly status: PaymentIntent['status'];
  readonly amount: number;
  readonly capturable: number;
  readonly captured: number;
  readonly refundable: number;
  readonly isSettled: boolean;
  /** The least of what the platform's fee, or the transfer, takes of it; null: neither was agreed. */
  readonly share: number | null;
  readonly features: Pick<Charge['sandbox']['features'], 'multicapture' | 'incremental'>;
  readonly disputes: readonly Pick<Dispute, 'status' | 'is_charge_refundable'>[];
  /** What is left of each transfer out of it, by id. */
  readonly transfers: Readonly<Record<string, number>>;
}

/** Null: the order has no payment yet, as before it takes one over, or two while one takes the place of the other. */
export function standingOf({ platform }: World, orderId: string): Standing | null {
  const { store } = platform.world;
  const intents = [...store.rows('payment_intent')].filter(
    ({ metadata }) => metadata.waybill_order === orderId,
  );
  const open = intents.filter(({ status }) => status !== 'canceled');
  // One before it that is still open is one that nobody knows of.
  const intent = intents.at(-1);
  if (!intent || open.length > 1) return null;
  const charge = store.get('charge', intent.latest_charge ?? '');
  const isTaken = charge?.status === 'succeeded' && charge.amount_captured > 0;
  return {
    status: intent.status,
    amount: intent.amount,
    capturable: intent.amount_capturable,
    captured: intent.amount_received,
    refundable: isTaken ? refundable(charge) : 0,
    isSettled: isTaken && charge.balance_transaction !== null && charge.transfer !== null,
    share: intent.application_fee_amount ?? intent.transfer_data?.amount ?? null,
    features: charge?.sandbox.features ?? { multicapture: false, incremental: false },
    disputes: [...store.ids('dispute', 'charge', charge?.id ?? '')].flatMap((id) => {
      const dispute = store.get('dispute', id);
      return dispute ? [{ status: dispute.status, is_charge_refundable: dispute.is_charge_refundable }] : [];
    }),
    transfers: Object.fromEntries(
      [...store.ids('transfer', 'source_transaction', charge?.id ?? '')].flatMap((id) => {
        const transfer = store.get('transfer', id);
        return transfer ? [[id, transfer.amount - transfer.amount_reversed]] : [];
      }),
    ),
  };
}

/** Whether nothing in the payment's state stands against it. */
export function allows(standing: Standing, command: OrderCommandBody): boolean {
  const { status, amount, capturable, captured, share, features, disputes } = standing;
  switch (command.kind) {
    case 'confirm':
      return status === 'requires_action' || (status === 'requires_payment_method' && isPaid(command));
    case 'capture': {
      const part = command.amount ?? capturable;
      const takesShare = share === null || (command.final && captured === 0) || part * share >= amount;
      return (
        status === 'requires_capture' &&
        part <= capturable &&
        takesShare &&
        (command.final || features.multicapture)
      );
    }
    case 'increment':
      return (
        status === 'requires_capture' &&
        features.incremental &&
        command.amount > amount &&
        (captured === 0 || share === null)
      );
    case 'cancel':
      return ['requires_payment_method', 'requires_action', 'requires_capture'].includes(status);
    case 'refund':
      return (
        status === 'succeeded' &&
        standing.refundable >= (command.amount ?? 1) &&
        disputes.every((dispute) => dispute.is_charge_refundable)
      );
    case 'transfer':
      return status === 'succeeded' && standing.isSettled && command.amount <= captured;
    case 'reverse_transfer':
      return (standing.transfers[command.transfer] ?? 0) >= (command.amount ?? 1);
    case 'submit_evidence':
    case 'accept_dispute':
      return disputes.length === 1 && disputes[0]?.status === 'needs_response';
    default:
      return false;
  }
}

function isPaid({ payment_method: method, ...other }: OrderCommandBody<'confirm'>): boolean {
  return method !== undefined || 'token' in other;
}
