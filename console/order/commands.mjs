/** What can be done with an order: the API's commands, and what their bodies take. `isOffered`: whether the order's state suggests it; the API decides. */
const AMOUNT = { name: 'amount', type: 'amount', label: 'Amount', hint: 'All of it if left empty' };
const REASON = { name: 'reason', type: 'text', label: 'Reason, for the timeline' };
/** Stripe keeps it as the reversal's description. */
const REVERSAL_REASON = { ...REASON, label: 'Reason, for the timeline and the Dashboard' };
const stripeReason = (options) => ({ name: 'reason', type: 'choice', label: 'Reason, for Stripe', options });

const DISPUTE = {
  name: 'dispute',
  type: 'text',
  label: 'Which dispute, where several are open',
  hint: 'dp_…',
};

const RESOLVE_FIELDS = [
  { name: 'action', type: 'action', label: 'Action', isRequired: true },
  {
    name: 'stripe_id',
    type: 'subject',
    label: 'Stripe object that shows the effect, or that the notice is about; or the approval',
  },
  { ...REASON, isRequired: true },
];

export const COMMANDS = [
  {
    name: 'Capture',
    key: 'c',
    path: 'capture',
    role: 'service',
    fields: [AMOUNT, REASON],
    isOffered: ({ status }) => status === 'authorized',
  },
  {
    name: 'Cancel',
    key: 'x',
    path: 'cancel',
    role: 'service',
    fields: [stripeReason(['requested_by_customer', 'duplicate', 'fraudulent', 'abandoned'])],
    isOffered: ({ status }) => ['authorized', 'requires_payment_method', 'requires_action'].includes(status),
  },
  {
    name: 'Refund',
    key: 'f',
    path: 'refunds',
    role: 'ops',
    fields: [
      AMOUNT,
      { name: 'reverse_transfer', type: 'flag', label: "Take the seller's share back" },
      {
        name: 'refund_application_fee',
        type: 'flag',
        label: 'Give our fee back with it',
        needs: 'reverse_transfer',
      },
      stripeReason(['requested_by_customer', 'duplicate', 'fraudulent']),
    ],
    isOffered: ({ status }) => status === 'captured',
  },
  {
    name: 'Transfer',
    key: 't',
    path: 'transfers',
    role: 'ops',
    fields: [
      { ...AMOUNT, hint: undefined, isRequired: true },
      { name: 'destination', type: 'text', label: 'To the account', hint: "The order's own if left empty" },
      { name: 'description', type: 'text', label: 'Description, shown in the Dashboard', isRequired: true },
      REASON,
    ],
    isOffered: ({ status }) => status === 'captured',
  },
  {
    name: 'Resolve',
    key: 's',
    path: 'resolve',
    role: 'ops',
    fields: RESOLVE_FIELDS,
    meant: decidedOf,
    lacks: unnamedOf,
    isOffered: (object) => actionsOf(object).length > 0,
  },
  {
    name: 'Evidence',
    key: 'v',
    path: 'dispute/evidence',
    role: 'ops',
    fields: [
      DISPUTE,
      { name: 'evidence', type: 'evidence', label: 'Evidence' },
      { name: 'submit', type: 'flag', label: 'Submit it to the bank: once and for good', isAlwaysSent: true },
      REASON,
    ],
    isOffered: ({ disputes }) => disputes.some(needsResponse),
  },
  {
    name: 'Accept dispute',
    key: 'l',
    path: 'dispute/accept',
    role: 'ops',
    fields: [DISPUTE, REASON],
    isOffered: ({ disputes }) => disputes.some((one) => needsResponse(one) && !one.is_inquiry),
  },
];

/** A decision is about what was there when its dialog opened (`shown`): nothing that came since is decided on unseen. */
function decidedOf(shown, { action, stripe_id: named }) {
  if (!isDecision(action)) return seenOf(shown, named);
  const waiting = waitingIn(shown) ?? [];
  return named === undefined && waiting.length === 1 ? { stripe_id: waiting[0].id } : {};
}

/** A list shows the most urgent need alone, of an object that may have others. */
function seenOf({ needs_attention: need, notices }, named) {
  const subject = notices || need?.operation || named !== undefined ? undefined : need?.subject;
  const times = [...(need ? [need] : []), ...(notices ?? [])].flatMap(({ since }) => since ?? []);
  const newest = times.toSorted().at(-1);
  return { ...(subject ? { stripe_id: subject } : {}), ...(newest ? { as_of: newest } : {}) };
}

/** One of several is named: of those that are left when it is sent, the only one may be another than was meant. */
function unnamedOf(shown, { action, stripe_id: named }) {
  const waiting = waitingIn(shown);
  const isUnclear = isDecision(action) && named === undefined && waiting !== null && waiting.length !== 1;
  return isUnclear ? 'Which approval is missing.' : null;
}

/** Those that a decision has to be chosen from. `shown`: the object when its dialog opened. */
export function approvalsToName(shown, { approvals = [] }, action) {
  return isDecision(action) && waitingIn(shown)?.length !== 1 ? approvals : [];
}

/** A list shows the most urgent one alone, by its need; null: it does not say what waits. */
function waitingIn({ approvals, needs_attention: need }) {
  if (approvals) return approvals;
  return need?.code === 'approval_needed' && need.subject ? [{ id: need.subject }] : null;
}

function isDecision(action) {
  return action === 'approve' || action === 'decline';
}

/** What `resolve` may do about what is stuck, and about the notices. */
export function actionsOf({ needs_attention: need, notices = [] }) {
  const open = notices.filter(({ acknowledged_by: by }) => by === null);
  return [...new Set([need?.allowed_actions ?? [], ...open.map((notice) => notice.allowed_actions)].flat())];
}

function needsResponse({ status }) {
  return status.endsWith('needs_response');
}

/** Taking back one of the order's transfers. */
export function reversalOf({ id }) {
  return {
    name: 'Reverse',
    path: `transfers/${id}/reversals`,
    role: 'ops',
    fields: [AMOUNT, REVERSAL_REASON],
  };
}

/** The same for a transfer without an order. */
export const TRANSFER_COMMANDS = [
  {
    name: 'Reverse',
    key: 'v',
    path: 'reversals',
    role: 'ops',
    fields: [AMOUNT, REVERSAL_REASON],
    isOffered: ({ status }) => ['paid', 'partially_reversed'].includes(status),
  },
  {
    name: 'Resolve',
    key: 's',
    path: 'resolve',
    role: 'ops',
    fields: RESOLVE_FIELDS,
    meant: decidedOf,
    lacks: unnamedOf,
    isOffered: (object) => actionsOf(object).length > 0,
  },
];

/** And for a payout. */
export const PAYOUT_COMMANDS = [
  {
    name: 'Resolve',
    path: 'resolve',
    role: 'ops',
    fields: RESOLVE_FIELDS,
    meant: decidedOf,
    lacks: unnamedOf,
    isOffered: (object) => actionsOf(object).length > 0,
  },
  {
    name: 'Cancel',
    key: 'x',
    path: 'cancel',
    role: 'ops',
    fields: [REASON],
    isOffered: ({ status }) => ['pending', 'waiting_for_funds'].includes(status),
  },
];

/** What moves an account's money. `fixed`: what its body has beside the fields. */
export const ACCOUNT_COMMANDS = [
  {
    name: 'Pay out',
    key: 'p',
    of: ({ id }) => `/v1/accounts/${id}`,
    path: 'payouts',
    role: 'ops',
    fields: [
      { ...AMOUNT, hint: undefined, isRequired: true },
      { name: 'when_available', type: 'flag', label: 'Wait until the balance covers it' },
      REASON,
    ],
    fixed: ({ currency }) => ({ currency }),
  },
  {
    name: 'Transfer',
    key: 't',
    of: () => '/v1',
    path: 'transfers',
    role: 'ops',
    fields: [
      { ...AMOUNT, hint: undefined, isRequired: true },
      { name: 'description', type: 'text', label: 'Description, shown in the Dashboard', isRequired: true },
      REASON,
    ],
    fixed: ({ currency, id }) => ({ currency, destination: id }),
  },
];

/** Of an account that is stuck: its API has no preview, and no money moves. */
export const RESOLVE_ACCOUNT = {
  name: 'Resolve',
  of: ({ reference }) => `/v1/accounts/${encodeURIComponent(reference)}`,
  path: 'resolve',
  fields: RESOLVE_FIELDS,
  meant: decidedOf,
  hasPreview: false,
};
