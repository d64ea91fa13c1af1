import type { Theme } from './lives/themes.ts';

/** A copy of Waybill that is broken in one place, as somebody might break it. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** What stands there exactly once. */
  readonly from: string;
  readonly to: string;
  /** Where few lives about everything notice it: what lives are about that do. The hunt looks at those. */
  readonly theme?: Theme;
}

/** Whoever changes the code that one of them breaks, changes the mutant with it. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'the idempotency key changes with each attempt',
    file: 'domain/ids.ts',
    from: 'key.generation}`',
    to: 'key.generation + Math.random()}`',
  },
  {
    name: 'nothing is looked up once the key may be forgotten',
    theme: 'forgotten_keys',
    file: 'activities/shared/run-once.ts',
    from: 'KEY_TRUSTED_MS = 23 * 60 * 60 * 1000',
    to: 'KEY_TRUSTED_MS = Number.POSITIVE_INFINITY',
  },
  {
    name: 'a command that comes twice is carried out twice',
    file: 'workflows/entity/inbox.ts',
    from: 'if (this.#record.command(command.commandId)) return;',
    to: '',
  },
  {
    name: 'money is refunded before that is durable',
    file: 'workflows/entity/perform.ts',
    from: "  'capture',\n  'create_account',",
    to: "  'capture',\n  'refund',\n  'create_account',",
  },
  {
    name: "Stripe's fee is counted twice",
    file: 'stripe/settlement.ts',
    from: 'platform: sumBalances(entries.map(netOf)),',
    to: 'platform: sumBalances([...entries.map(netOf), { [chargeEntry.currency]: -chargeEntry.fee }]),',
  },
  {
    name: 'a refund is counted twice',
    file: 'domain/orders/funds.ts',
    from: '...[...refunds, ...transfers,',
    to: '...[...refunds, ...refunds, ...transfers,',
  },
  {
    name: 'a lost connection is taken for a refusal',
    file: 'stripe/errors.ts',
    from: "{ when: { type: 'StripeConnectionError' }, verdict: 'retry' }",
    to: "{ when: { type: 'StripeConnectionError' }, verdict: 'refused' }",
  },
  {
    name: 'a rate limit is taken for a refusal',
    file: 'stripe/errors.ts',
    from: "{ when: { type: 'StripeRateLimitError' }, verdict: 'retry'",
    to: "{ when: { type: 'StripeRateLimitError' }, verdict: 'refused'",
  },
  {
    name: 'a 500 is taken for a refusal',
    file: 'stripe/errors.ts',
    from: "{ when: { statusFrom: 500 }, verdict: 'failed_under_key' }",
    to: "{ when: { statusFrom: 500 }, verdict: 'refused' }",
  },
  {
    name: 'a failure under a key takes the next key without a look',
    theme: 'server_errors',
    file: 'activities/shared/run-once.ts',
    from: 'if (found) return found;\n  if (classified.replayed)',
    to: 'if (classified.replayed)',
  },
  {
    name: 'an operator’s new key is used without a look',
    theme: 'operators',
    file: 'workflows/entity/attention.ts',
    from: 'const found = await lookUpForGood(record, blocked);\n  if (found) {',
    to: 'const found = null;\n  if (found) {',
  },
  {
    name: 'an operation is given up without a look',
    theme: 'operators',
    file: 'workflows/entity/attention.ts',
    from: 'const found = await lookUpForGood(record, blocked);\n  if (found && (',
    to: 'const found = null;\n  if (found && (',
  },
  {
    name: 'a capture takes all',
    file: 'activities/orders/payments.ts',
    from: 'amount_to_capture: amount,',
    to: '',
  },
  {
    name: 'a refund leaves the transfer',
    file: 'activities/orders/refunds.ts',
    from: '...(operation.reverseTransfer ? { reverse_transfer: true } : {}),',
    to: '',
  },
  {
    name: 'a renewal forgets the authorization before',
    file: 'domain/orders/transition.ts',
    from: 'const superseded = paymentIntentOf(order);',
    to: 'const superseded = null;',
  },
  {
    name: 'a new run forgets its commands',
    file: 'workflows/entity/command-record.ts',
    from: 'commands: this.#commands.all(),',
    to: 'commands: [],',
  },
  {
    name: 'an event of Stripe’s makes nobody read',
    file: 'workflows/orders/order-reading.ts',
    from: 'await readAgain(record);\n  if (record.blocked)',
    to: 'if (record.blocked)',
  },
  {
    name: 'what was read from Stripe before the payment was known is forgotten',
    theme: 'early_news',
    file: 'workflows/orders/order-reading.ts',
    from: 'record.readAtOnce();\n    return;',
    to: 'return;',
  },
  {
    name: 'nobody feeds the events that webhooks lost',
    file: 'activities/stripe-events/events.ts',
    from: 'of unseen(cursor, oldestFirst)) {',
    to: 'of unseen(cursor, [])) {',
  },
  {
    name: 'what asks for a person is on no list',
    file: 'workflows/shared/search-attributes.ts',
    from: '{ key: NEEDS_ATTENTION, value: need !== null },',
    to: '{ key: NEEDS_ATTENTION, value: false },',
  },
  {
    name: 'the timeline names no cause',
    file: 'workflows/entity/command-record.ts',
    from: 'cause: cause?.commandId ?? null,',
    to: 'cause: null,',
  },
  {
    name: 'a workflow looks at the real time',
    file: 'workflows/shared/time.ts',
    from: 'return Date.now();',
    to: 'return Date.now() + Math.round(10 * Math.random());',
  },
  {
    name: 'nothing at Stripe names its operation',
    file: 'domain/ids.ts',
    from: 'return { waybill_order: orderId, waybill_operation: operationId };',
    to: 'return { waybill_order: orderId };',
  },
  {
    name: 'the own transfer of a charge that is taken over is known by an earlier reading',
    theme: 'adoptions',
    file: 'stripe/adoption.ts',
    from: 'return own !== null || out.length === 0 ? own : idOf((await stripe.charges.retrieve(charge.id)).transfer);',
    to: 'return own;',
  },
  {
    name: 'whoever asked may approve',
    file: 'domain/commands/approval.ts',
    from: 'if (isSamePerson(approval.command.actor, actor)) {',
    to: 'if (isSamePerson(approval.command.actor, actor) && actor === null) {',
  },
  {
    name: 'each request for an account has a key of its own',
    theme: 'accounts',
    file: 'activities/accounts/accounts.ts',
    from: 'stripe.accounts.create({ ...createParams(terms), metadata }, { idempotencyKey })',
    to: 'stripe.accounts.create({ ...createParams(terms), metadata }, { idempotencyKey: idempotencyKey + Math.random() })',
  },
  {
    name: 'an account does not bear its reference',
    file: 'activities/accounts/accounts.ts',
    from: '...accountMetadata(reference, operationId),\n    [REQUEST_HASH]',
    to: '[REQUEST_HASH]',
  },
  {
    name: 'a reversal takes all',
    file: 'activities/orders/reverse-transfer.ts',
    from: '...(amount === null ? {} : { amount }),',
    to: '',
  },
  {
    name: 'a reversal is asked for again without a look',
    theme: 'forgotten_keys',
    file: 'activities/orders/reverse-transfer.ts',
    from: 'return reversals.find(({ metadata }) => isMadeBy(operation, metadata)) ?? null;',
    to: 'return null;',
  },
  {
    name: 'nobody is asked about a payout that failed',
    file: 'workflows/payouts/payout-record.ts',
    from: "if (state.status !== 'failed' || failureAccepted || attention) return;",
    to: 'return;',
  },
  {
    name: 'a payout that came back still shows as on its way',
    file: 'domain/payouts/payout.ts',
    from: 'isPayoutNews(state.payout.status, seen.status);',
    to: "(isPayoutNews(state.payout.status, seen.status) && seen.status !== 'failed');",
  },
  {
    name: 'a new run of a payout forgets it',
    file: 'workflows/payouts/payout-record.ts',
    from: 'super(carried?.payout ?? newPayout(',
    to: 'super(newPayout(',
  },
  {
    name: 'a day’s limit refuses nothing',
    file: 'activities/limits/within-day-limits.ts',
    from: 'if (refusal === null) return handlers.call(idempotencyKey);',
    to: 'if (refusal === null || refusal.code) return handlers.call(idempotencyKey);',
  },
  {
    name: 'what was never captured counts as refunded where a day is limited',
    theme: 'day_limits',
    file: 'activities/limits/movements.ts',
    from: '(await leftOf(stripe, charge))',
    to: 'charge.amount_captured - charge.amount_refunded',
  },
  {
    name: 'a payout is made without asking another person',
    file: 'workflows/payouts/handle-payout-command.ts',
    from: 'if (approval && needsApproval(approval, stake)) hold(',
    to: "if (approval && command.kind !== 'pay_out' && needsApproval(approval, stake)) hold(",
  },
  {
    name: 'a connection by OAuth is refused where it may have been made',
    theme: 'connections',
    file: 'activities/accounts/account-connection.ts',
    from: 'if (mayBeConnected(error)) await askWhich(null);',
    to: '',
  },
  {
    name: 'an account that its owner disconnected is not noticed',
    file: 'workflows/accounts/account-timers.ts',
    from: "{ type: 'account_disconnected' });",
    to: "{ type: 'account_observed', facts });",
  },
  {
    name: 'an account is not read again',
    file: 'workflows/accounts/account-timers.ts',
    from: "record.observe(read ? { type: 'account_observed', facts: read } : { type: 'account_disconnected' });",
    to: '',
  },
  {
    name: 'what could not be handed over to a subscriber is forgotten',
    theme: 'outgoing_events',
    file: 'workflows/entity/outbox.ts',
    from: 'return this.#save({ ...unpublished, tries: unpublished.tries + 1, againAt });',
    to: 'return this.#save(null);',
  },
  {
    name: 'a debit that was taken back is not looked for once another charge has followed',
    theme: 'payers',
    file: 'stripe/observe.ts',
    from: 'charge && charge.id !== known.charge',
    to: 'charge && charge.id === known.charge',
  },
  {
    name: 'an order that nobody pays stays open',
    theme: 'payers',
    file: 'workflows/orders/order-timers.ts',
    from: ': [reading(payment.status), abandoned];',
    to: ': [reading(payment.status)];',
  },
  {
    name: 'a captured payment is never taken back',
    theme: 'payers',
    file: 'domain/orders/payment-transition.ts',
    from: 'if (failedLater(current, facts)) return next;',
    to: '',
  },
];
