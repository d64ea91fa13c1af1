import fc from 'fast-check';
import type { Adjustment } from '../../domain/orders/adjustment.ts';
import type { Observation } from '../../domain/orders/observation.ts';
import type { Refund } from '../../domain/orders/order.ts';
import type { PaymentFacts } from '../../domain/orders/payment.ts';
import { adjustment, dispute, facts, inquiry, NOW, refund, SETTLEMENT, wonDispute } from './builders.ts';

/** What Stripe would have told at each moment of one payment's life, first to last. */
export type PaymentLife = readonly Observation[];

/** Where a payment may go next; several ways to the same status are ways in which it can look there. */
type Step = (now: Observation) => Observation | null;

/** What Stripe tells of a payment of which nothing else has moved. */
export const told = (payment: PaymentFacts): Observation => ({
  payment,
  metadata: {},
  decline: null,
  refunds: [],
  adjustments: [],
  disputes: [],
});
const unsettled = { transfer: null, applicationFee: null, settlement: null };
const declined: Step = () => ({
  ...told(facts('requires_payment_method')),
  decline: { code: 'card_declined', declineCode: 'lost_card', message: 'No.', param: null, at: NOW },
});
const asked: Step = () => told(facts('requires_action'));
const underway: Step = () => told(facts('processing'));
const authorized: Step = () => told(facts('requires_capture'));
const captured: Step = () => told(facts('succeeded', unsettled));
const capturedInPart: Step = () => told(facts('succeeded', { ...unsettled, amountReceived: 400 }));
const canceled: Step = () => told(facts('canceled', { cancellationReason: 'requested_by_customer' }));
const lapsed: Step = () => told(facts('canceled', { cancellationReason: 'automatic' }));

/** A bank takes the money back that had arrived. */
const takenBack: Step = ({ payment, ...rest }) => {
  const chargeFailure = { code: 'insufficient_funds', message: 'The bank took it back.' };
  const { latestCharge, transfer, applicationFee, settlement } = payment;
  if (settlement === null) return null;
  return {
    ...rest,
    payment: facts('requires_payment_method', {
      latestCharge,
      chargeFailure,
      transfer,
      applicationFee,
      settlement,
    }),
  };
};

const settled: Step = (now) => {
  const whole = { transfer: 'tr_1', applicationFee: 'fee_1', settlement: SETTLEMENT };
  return { ...now, payment: { ...now.payment, ...whole } };
};
const refunded: Step = (now) => {
  const made = refund({ id: `re_${now.refunds.length}`, amount: 100, status: 'pending', platform: null });
  return now.refunds.length < 4 ? { ...now, refunds: [...now.refunds, made] } : null;
};

/** Somebody moves money between the accounts with no refund; its balance transaction may come a moment later. */
const adjusted =
  (type: Adjustment['type']): Step =>
  (now) => {
    if (now.payment.settlement === null || now.adjustments.length >= 4) return null;
    const amount = type === 'transfer_reversal' ? 50 : 10;
    const connected = { usd: type === 'transfer_reversal' ? -amount : amount };
    const id = `${type}_${now.adjustments.length}`;
    const made = adjustment({ id, type, transfer: null, amount, platform: null, connected });
    return { ...now, adjustments: [...now.adjustments, made] };
  };
const adjustmentSettles: Step = (now) => {
  if (now.adjustments.every(({ platform }) => platform !== null)) return null;
  const adjustments = now.adjustments.map((one) => ({
    ...one,
    platform: { usd: -(one.connected.usd ?? 0) },
  }));
  return { ...now, adjustments };
};

/** A dispute's whole life: a question, a chargeback, and who wins it. */
const DISPUTE = [
  inquiry(),
  dispute(),
  dispute({ status: 'under_review', submissionCount: 1 }),
  wonDispute(),
] as const;
const disputeGoes: Step = (now) => {
  const [known] = now.disputes;
  const at = DISPUTE.findIndex(({ status }) => status === known?.status);
  const next = known && at < 0 ? undefined : DISPUTE[at + 1];
  return next ? { ...now, payment: { ...now.payment, disputed: true }, disputes: [next] } : null;
};
const lost: Step = (now) =>
  now.disputes[0]?.status === 'under_review'
    ? { ...now, disputes: [dispute({ status: 'lost', submissionCount: 1 })] }
    : null;

/** Each refund may go on from where it is; the oldest that can does. */
function refundGoes(from: Refund['status'], to: Refund['status']): Step {
  return (now) => {
    const index = now.refunds.findIndex(({ status }) => status === from);
    if (index < 0) return null;
    const platform = to === 'succeeded' ? { usd: -100 } : {};
    return {
      ...now,
      refunds: now.refunds.map((one, at) => (at === index ? { ...one, status: to, platform } : one)),
    };
  };
}

const NEXT: Readonly<Record<PaymentFacts['status'], readonly Step[]>> = {
  requires_payment_method: [declined, asked, underway, authorized, captured, canceled],
  requires_confirmation: [],
  requires_action: [declined, underway, authorized, captured, canceled],
  processing: [declined, captured],
  requires_capture: [captured, capturedInPart, canceled, lapsed],
  succeeded: [
    settled,
    refunded,
    disputeGoes,
    lost,
    takenBack,
    adjusted('transfer_reversal'),
    adjusted('application_fee_refund'),
    adjustmentSettles,
    refundGoes('pending', 'succeeded'),
    refundGoes('pending', 'failed'),
    refundGoes('pending', 'canceled'),
    refundGoes('succeeded', 'failed'),
  ],
  canceled: [],
};

/** Any life that a payment can have at Stripe. */
export const paymentLife: fc.Arbitrary<PaymentLife> = fc
  .record({
    start: fc.constantFrom(told(facts('requires_payment_method')), told(facts('requires_action'))),
    choices: fc.array(fc.nat(60), { maxLength: 14 }),
  })
  .map(({ start, choices }) => {
    const life = [start];
    for (const choice of choices) {
      const now = life.at(-1) ?? start;
      const steps = now.payment.chargeFailure ? [] : NEXT[now.payment.status];
      const next = steps[choice % steps.length]?.(now);
      if (next) life.push(next);
    }
    return life;
  });
