import { sha256Hex } from './sha256-hex.ts';

/**
 * The one place that makes ids and idempotency keys. All are pure functions of business facts: never random, never
 * an attempt number, nothing that a workflow reset would change.
 */

/** What an order can ask Stripe to do; part of the idempotency key. */
export type Operation =
  | 'authorize'
  | 'confirm'
  | 'capture'
  | 'cancel'
  | 'refund'
  | 'transfer'
  | 'reverse_transfer'
  | 'adopt'
  | 'increment'
  | 'update_metadata'
  | 'reauthorize'
  | 'release'
  | 'recover'
  | 'stage_evidence'
  | 'submit_evidence'
  | 'accept_dispute'
  | 'create_account'
  | 'connect_account'
  | 'update_account'
  | 'add_person'
  | 'add_external_account'
  | 'reject_account'
  | 'deauthorize_account'
  | 'payout'
  | 'cancel_payout';

/** Caller-given ids: what is safe in a URL path, a workflow id and an idempotency key. */
export const ORDER_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

/** The workflow that carries an order. */
export function orderWorkflowId(orderId: string): string {
  return `order/${orderId}`;
}

/** The order of a workflow id, or `undefined` if that is not an order's workflow. */
export function orderIdOf(workflowId: string): string | undefined {
  return workflowId.startsWith('order/') ? workflowId.slice('order/'.length) : undefined;
}

/** The workflow that carries a special-case transfer with no order. */
export function transferWorkflowId(transferId: string): string {
  return `transfer/${transferId}`;
}

/** The transfer of a workflow id, or `undefined` if that is not a transfer's workflow. */
export function transferIdOf(workflowId: string): string | undefined {
  return workflowId.startsWith('transfer/') ? workflowId.slice('transfer/'.length) : undefined;
}

/** The workflow that keeps an event of Stripe's until the order it concerns is known. */
export function stripeEventWorkflowId(eventId: string): string {
  return `stripe-event/${eventId}`;
}

/** The workflow that waits for one test event of Stripe's. */
export function webhookTestWorkflowId(testId: string): string {
  return `webhook-test/${testId}`;
}

/** The schedule that feeds the events that webhooks missed. */
export const SYNC_SCHEDULE_ID = 'waybill-sync';
/** Those that compare connected accounts, and payouts on their way, with what Stripe shows. */
export const SYNC_ACCOUNTS_SCHEDULE_ID = 'waybill-sync-accounts';
export const SYNC_PAYOUTS_SCHEDULE_ID = 'waybill-sync-payouts';

/** The schedule that resumes what an outage of Stripe stopped. */
export const RESUME_SCHEDULE_ID = 'waybill-resume';

/** The Temporal Schedule that compares the platform's balance with the orders. */
export const RECONCILE_SCHEDULE_ID = 'waybill-reconcile';
export const SCHEDULE_IDS = [
  SYNC_SCHEDULE_ID,
  SYNC_ACCOUNTS_SCHEDULE_ID,
  SYNC_PAYOUTS_SCHEDULE_ID,
  RESUME_SCHEDULE_ID,
  RECONCILE_SCHEDULE_ID,
] as const;
/** The workflow that keeps the last report of it. */
export const RECONCILIATION_WORKFLOW_ID = 'reconciliation';

/** The workflow that counts what a key or a connected account moves out on one day (`2026-01-31`). */
export function dayBookWorkflowId(
  { kind, name }: { readonly kind: 'key' | 'account'; readonly name: string },
  day: string,
): string {
  return `day-book/${kind}/${name}/${day}`;
}

/** The workflow that carries a payout. */
export function payoutWorkflowId(payoutId: string): string {
  return `payout/${payoutId}`;
}

/** The payout of a workflow id, or `undefined` if that is not a payout's workflow. */
export function payoutIdOf(workflowId: string): string | undefined {
  return workflowId.startsWith('payout/') ? workflowId.slice('payout/'.length) : undefined;
}

/** A payout's id; callers give none. `digest` as in {@link orderIdFromDigest}. */
export function payoutIdFromDigest(digest: string): string {
  return `wpo_${digest.slice(0, 24)}`;
}

/**
 * The workflow that carries a connected account's life. `reference`: the caller's own id of it, or Stripe's where the
 * account was made elsewhere.
 */
export function accountWorkflowId(reference: string): string {
  return `account/${reference}`;
}

/** The account of a workflow id, or `undefined` if that is not an account's workflow. */
export function accountReferenceOf(workflowId: string): string | undefined {
  return workflowId.startsWith('account/') ? workflowId.slice('account/'.length) : undefined;
}

/** The name of a Stripe account here: the caller's own reference, or otherwise Stripe's id. */
export function accountReference(account: {
  readonly id: string;
  readonly metadata?: Readonly<Record<string, string>> | null;
}): string {
  return account.metadata?.waybill_account ?? account.id;
}

/** An account's reference for a caller that gave none. `digest` as in {@link orderIdFromDigest}. */
export function accountReferenceFromDigest(digest: string): string {
  return `wac_${digest.slice(0, 24)}`;
}

/** An order id for a caller that gave none. `digest`: hex digest of the caller's name and its Idempotency-Key. */
export function orderIdFromDigest(digest: string): string {
  return `ord_${digest.slice(0, 24)}`;
}

/** A transfer id for a caller that gave none. `digest` as in {@link orderIdFromDigest}. */
export function transferIdFromDigest(digest: string): string {
  return `wtr_${digest.slice(0, 24)}`;
}

/** The id of a command that came by the API, and of its Temporal update. `digest`: the same in base64url, since each history holds the id many times. */
export function commandIdFromDigest(digest: string): string {
  return `cmd_${digest.slice(0, 22)}`;
}

/** The id of the adoption by which a command reopens a closed order. */
export function adoptionIdOf(commandId: string): string {
  return `adopt_${commandId}`;
}

/** The id of a command that came as a signal, from Temporal's UI or CLI. */
export function commandIdFromSignal(requestId: string): string {
  return `sig_${requestId}`;
}

/** The nth time that an order asks for a new authorization before its capture window ends. */
export function reauthorizationId(orderId: string, cycle: number): string {
  return `reauthorize:${orderId}:${cycle}`;
}

/** The release of a PaymentIntent that another one has made needless. */
export function releaseOperationId(paymentIntent: string): string {
  return `release:${paymentIntent}`;
}

/** What an order does automatically about a lost dispute. */
export function recoveryOperationId(disputeId: string): string {
  return `recover:${disputeId}`;
}

/** What an operation belongs to: an order or a transfer by `orderId`, an account by its reference, a payout by its id. */
export type Subject =
  | { readonly orderId: string }
  | { readonly reference: string }
  | { readonly payoutId: string };

/**
 * Stripe's idempotency key of one operation (≤ 255 characters). `generation` rises only after a proven failure or an
 * operator's decision.
 *
 * Without its subject for what creates one, whose operation id is made of the caller's own Idempotency-Key: a caller that
 * reuses its key for a second order, or a second transfer without one, is refused by Stripe instead of paying twice. Nor for
 * `adopt`, whose operation id is the PaymentIntent: of two orders that ask for it at once, Stripe refuses one.
 */
export function idempotencyKey(key: Subject & Created & { operationId: string; generation: number }): string {
  const scope = isNamedByCaller(key) || key.operation === 'adopt' ? '' : `${scopeOf(key)}:`;
  return asHeader(`waybill:${scope}${key.operation}:${key.operationId}:${key.generation}`);
}

/**
 * The key under which a Stripe object becomes an operation's, or an order's by adoption: of two that want it at once, Stripe refuses one.
 * `attempt` rises only where the one before was made under it, and is gone.
 */
export function claimKey(stripeId: string, attempt: number): string {
  return idempotencyKey({
    operation: 'adopt',
    orderId: stripeId,
    operationId: stripeId,
    generation: attempt,
  });
}

const PRINTABLE_ASCII = /^[ -~]*$/;

/** A key goes to Stripe in a header, and Node sends none with the letters that a person may type into a request id. */
function asHeader(key: string): string {
  return PRINTABLE_ASCII.test(key) ? key : `waybill:${sha256Hex(key)}`;
}

const NAMED_BY_CALLER: ReadonlySet<Operation> = new Set(['authorize', 'create_account', 'connect_account']);

/** An operation; `charge`: of a transfer the order's, null: it has no order. */
interface Created {
  readonly operation: Operation;
  readonly charge?: string | null;
}

/** Whether its operation id is made of the caller's own Idempotency-Key alone: what it creates has no id yet. */
export function isNamedByCaller({ operation, charge }: Created): boolean {
  return NAMED_BY_CALLER.has(operation) || (operation === 'transfer' && charge === null);
}

/** The key of one more call that the same operation makes, about another of Stripe's objects. */
export function keyOfPart(operationKey: string, stripeId: string): string {
  return `${operationKey}:${stripeId}`;
}

/**
 * The key under which a one-off token becomes a payment method: once, whatever becomes of the payment. `attempt` rises only where Stripe
 * stored a failure under the one before.
 */
export function paymentMethodKey(about: { orderId: string; operationId: string; attempt: number }): string {
  return asHeader(`waybill:${about.orderId}:payment_method:${about.operationId}:${about.attempt}`);
}

function scopeOf(subject: Subject): string {
  if ('orderId' in subject) return subject.orderId;
  return 'payoutId' in subject ? payoutWorkflowId(subject.payoutId) : accountWorkflowId(subject.reference);
}

/** Stripe's idempotency key of a call that needs no workflow: no money moves, and the key alone makes a repeat harmless. */
export function directIdempotencyKey(call: string, digest: string): string {
  return `waybill:${call}:${digest}`;
}

/** Whether a request to Stripe was made under one of our keys. */
export function isOurIdempotencyKey(key: string | null): boolean {
  return key?.startsWith('waybill:') ?? false;
}

/** Metadata that every Stripe object made by Waybill carries, so that it can be found again without its key. */
export function stripeMetadata(orderId: string, operationId: string): Record<string, string> {
  return { waybill_order: orderId, waybill_operation: operationId };
}

export type Metadata = Readonly<Record<string, string>> | null | undefined;

/** Who an operation is: its order too, since the operation that creates an order is named after the caller's own key. */
export type OperationIdentity = Subject & { readonly operationId: string };

/** Metadata of a connected account: its reference, and the operation that made it. */
export function accountMetadata(reference: string, operationId: string): Record<string, string> {
  return { waybill_account: reference, waybill_operation: operationId };
}

/** Metadata of a payout: its events find their workflow by `waybill_payout`. */
export function payoutMetadata(payoutId: string, operationId: string): Record<string, string> {
  return { waybill_payout: payoutId, waybill_operation: operationId };
}

/** The last change of an account, beside what made it: accounts are changed again and again. */
export const LAST_CHANGE = 'waybill_last_change';

/** Whether a Stripe object with this metadata was made by that operation. */
export function isMadeBy(operation: OperationIdentity, metadata: Metadata): boolean {
  const marks = marksOf(operation);
  return Object.entries(marks).every(([name, mark]) => metadata?.[name] === mark);
}

/** What a Stripe object of that operation bears. */
export function marksOf(operation: OperationIdentity): Record<string, string> {
  if ('orderId' in operation) return stripeMetadata(operation.orderId, operation.operationId);
  if ('payoutId' in operation) return payoutMetadata(operation.payoutId, operation.operationId);
  return accountMetadata(operation.reference, operation.operationId);
}

/** Prefix of metadata keys that callers may not set. */
export const RESERVED_METADATA_PREFIX = 'waybill_';

/** Keys that Stripe takes in an object's metadata, Waybill's own included. */
export const METADATA_KEYS_MAX = 50;
