/** What somebody does about an order: its caller, an operator, somebody in Stripe's Dashboard, a bank. */
export const ORDER_DEEDS = [
  'capture',
  'capture_part',
  'capture_some',
  'cancel',
  'refund',
  'refund_reversing',
  'refund_all_back',
  'refund_rest',
  'transfer',
  'reverse_transfer',
  'increment',
  'confirm',
  'accept_dispute',
  'resolve',
  'outside_refund',
  'outside_capture',
  'outside_reversal',
  'outside_fee_refund',
  'refund_fails',
  'dispute',
  'decide',
] as const;

/** The same where a payment asks for its customer, or is a debit: what the customer does, and the bank. */
export const PAYER_DEEDS = [
  'authenticate',
  'fail_authentication',
  'pay_again',
  'debit_fails_late',
  'confirm_other',
  'confirm_back',
] as const;

/** What lives about everything leave out. */
type RareDeed = 'done_by_hand' | 'submit_evidence' | 'win_late';
export type OrderDeed = (typeof ORDER_DEEDS)[number] | (typeof PAYER_DEEDS)[number] | RareDeed;

/** What a platform asks for beside orders. */
export const WORK_KINDS = ['payout', 'transfer', 'account'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

export const WORK_DEEDS = {
  payout: ['cancel', 'payout_fails', 'payout_fails', 'resolve'],
  transfer: ['reverse', 'reverse', 'reverse_all', 'resolve'],
  account: ['update', 'update', 'require', 'require', 'resolve', 'reject'],
} as const satisfies Record<WorkKind, readonly string[]>;

/** Of an account that its owner connected by OAuth. */
export const CONNECTED_DEEDS = [
  'update',
  'update',
  'require',
  'resolve',
  'reject',
  'deauthorize',
  'deauthorize',
  'disconnect',
] as const;

export type WorkDeedName =
  | (typeof WORK_DEEDS)[WorkKind][number]
  | (typeof CONNECTED_DEEDS)[number]
  | 'reverse_outside'
  | 'mark_done'
  | 'disable'
  | 'enable';
