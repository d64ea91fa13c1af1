import type { Chance } from '../world/chance.ts';
import { PAYER_DEEDS } from './deeds.ts';
import type { Focus } from './focus.ts';
import { LATE_FOCUS, MONEY_DEEDS, SOON_MS } from './themes-late.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './times.ts';

/**
 * What half of all seeds are about. A life in which everything may happen seldom has what only a few things together bring about: a
 * refund that Stripe made, of which every answer was lost, and a person who decides about it before anybody looked.
 */
const FOCUS = {
  /** All workers go for longer than Stripe remembers a key, right after it did what they asked for. */
  forgotten_keys: {
    rates: { crash: 0.15, fleet_down: 1 },
    looksBeforeCreate: false,
    orders: [1, 1],
    captureMethods: ['automatic'],
    deeds: MONEY_DEEDS,
    works: { transfer: [1, 1], payout: [0, 1] },
    workDeeds: { transfer: ['reverse', 'reverse', 'reverse_all'] },
  },
  /** Nobody learns what became of a request, and people decide. */
  operators: {
    rates: { answers_lost: 0.8, caller_lost: 0.3 },
    looksBeforeCreate: false,
    orders: [1, 2],
    captureMethods: ['automatic'],
    deeds: [...MONEY_DEEDS, 'done_by_hand'],
    watched: 1,
    decisions: ['retry_with_new_key', 'retry_with_new_key', 'abandon', 'retry'],
    budgetsMs: [10 * SECOND_MS],
    works: { transfer: [0, 1], payout: [0, 1] },
    workDeeds: { transfer: ['reverse', 'resolve'], payout: ['resolve', 'mark_done'] },
  },
  /** Stripe answers with 500, and has done it nevertheless. */
  server_errors: {
    rates: { failed_after_effect: 0.6, failed_before_effect: 0.2, key_in_use: 0.1 },
    looksBeforeCreate: false,
    orders: [1, 2],
    deeds: ['capture', ...MONEY_DEEDS],
    works: { transfer: [0, 1], payout: [0, 1] },
  },
  /** Two pairs of eyes, also on what is stuck. */
  approvals: {
    rates: { command_doubled: 0.3, evicted: 0.3, webhook_late: 0.3, answer_lost: 0.1, answers_lost: 0.3 },
    orders: [1, 2],
    captureMethods: ['automatic', 'manual'],
    begins: ['capture'],
    deeds: ['refund', 'refund_rest', 'refund_reversing', 'transfer', 'transfer', 'done_by_hand', 'resolve'],
    approvals: 1,
    budgetsMs: [10 * SECOND_MS, MINUTE_MS, 36 * HOUR_MS],
    works: { payout: [1, 2], transfer: [0, 1] },
  },
  /** What a key and an account may move in a day. */
  day_limits: {
    rates: { command_doubled: 0.3, answer_lost: 0.2, crash: 0.05 },
    orders: [1, 3],
    captureMethods: ['automatic', 'manual'],
    begins: ['capture_part', 'capture_part', 'capture'],
    deeds: ['refund', 'refund_rest', 'refund_rest', 'transfer', 'refund_fails'],
    limited: 1,
    limits: [100, 200, 400],
    works: { payout: [0, 2], transfer: [0, 1] },
  },
  /** Owners connect accounts by OAuth, and end that. */
  connections: {
    rates: { failed_after_effect: 0.6, answer_lost: 0.3, crash: 0.1, webhook_lost: 0.5 },
    orders: [1, 1],
    connected: 0.7,
    works: { account: [2, 3] },
  },
  /** Accounts are made and changed, also by requests that arrive when their sender has given up. */
  accounts: {
    rates: { answer_late: 0.5, answer_lost: 0.3, webhook_lost: 0.6, command_doubled: 0.3 },
    looksBeforeCreate: false,
    orders: [1, 1],
    connected: 0,
    works: { account: [1, 2] },
  },
  /** Accounts that authorized orders name can take money no longer, or again. */
  restrictions: {
    rates: {
      crash: 0.2,
      fleet_down: 0.2,
      webhook_lost: 0.5,
      webhook_late: 0.3,
      stale_list: 0.5,
      evicted: 0.2,
    },
    orders: [1, 3],
    captureMethods: ['manual'],
    begins: ['increment', 'increment', 'capture_some'],
    deeds: ['increment', 'capture_some', 'resolve'],
    shortWindow: 0,
    gapsMs: [5 * SECOND_MS, 5 * HOUR_MS, 25 * HOUR_MS],
    adopted: 0,
    connected: 0,
    adoptedAccounts: 1,
    works: { account: [1, 2] },
    workDeeds: { account: ['disable', 'disable', 'enable', 'enable', 'update', 'require'] },
    workGapsMs: [30 * SECOND_MS, 5 * MINUTE_MS, HOUR_MS, 13 * HOUR_MS],
  },
  /** Payments are taken over while Stripe settles them. */
  adoptions: {
    rates: { settles_meanwhile: 0.7, moved_meanwhile: 0.3, webhook_lost: 0.7 },
    captureMethods: ['automatic_async', 'automatic_async', 'automatic', 'manual'],
    adopted: 1,
    transfersBefore: [0, 1, 2],
    works: {},
  },
  /** Authorizations are renewed before they lapse. */
  renewals: {
    rates: { answer_lost: 0.2, crash: 0.05, fleet_down: 0.3, webhook_lost: 0.6, webhook_late: 0.3 },
    captureMethods: ['manual'],
    renews: 1,
    shortWindow: 0.8,
    gapsMs: [SECOND_MS, MINUTE_MS, HOUR_MS, 13 * HOUR_MS, 25 * HOUR_MS],
    works: {},
  },
  /** Histories are short, and commands come again in the next one. */
  short_histories: {
    rates: { command_doubled: 0.5, evicted: 0.3, answer_lost: 0.2, request_lost: 0.2, crash: 0.05 },
    orders: [1, 2],
    eventsMax: [30, 45],
    works: { payout: [0, 2], transfer: [0, 1], account: [0, 1] },
  },
  /** Banks send payouts back. */
  payouts: {
    rates: { webhook_lost: 0.7, webhook_late: 0.3, answer_lost: 0.3, crash: 0.05 },
    orders: [1, 1],
    works: { payout: [2, 2] },
  },
  /** News of a payment comes before the answer to its creation. */
  early_news: {
    rates: { answers_lost: 0.6, answer_lost: 0.4 },
    captureMethods: ['automatic', 'automatic_async'],
    deeds: ['outside_refund', 'dispute', 'outside_reversal', 'decide', 'refund'],
    gapsMs: SOON_MS,
    adopted: 0,
    works: {},
  },
  /** Customers authenticate or do not, pay another way after a decline, and banks decide on debits days later. */
  payers: {
    rates: {
      payer_meanwhile: 0.5,
      settles_meanwhile: 0.3,
      webhook_lost: 0.6,
      webhook_late: 0.3,
      answer_lost: 0.3,
      failed_after_effect: 0.15,
      crash: 0.05,
      fleet_down: 0.2,
      command_doubled: 0.2,
    },
    orders: [1, 2],
    captureMethods: ['automatic', 'automatic', 'automatic_async', 'manual'],
    begins: ['authenticate', 'authenticate', 'fail_authentication', 'confirm_other', 'cancel'],
    deeds: [
      ...PAYER_DEEDS,
      ...PAYER_DEEDS,
      'cancel',
      'capture',
      'refund',
      'transfer',
      'outside_reversal',
      'dispute',
    ],
    gapsMs: [...SOON_MS, 30 * SECOND_MS, HOUR_MS, 13 * HOUR_MS, 25 * HOUR_MS],
    asksPayer: 1,
    adopted: 0.1,
    renews: 0,
    works: {},
  },
  /** No webhook arrives. */
  lost_news: {
    rates: { webhook_lost: 1, crash: 0.05 },
    deeds: ['capture', 'outside_refund', 'outside_reversal', 'outside_fee_refund', 'dispute', 'decide'],
    works: { payout: [0, 1], account: [0, 1] },
  },
  ...LATE_FOCUS,
} as const satisfies Readonly<Record<string, Focus>>;

export type Theme = keyof typeof FOCUS;

export const THEMES = Object.keys(FOCUS) as readonly Theme[];

const EVERYTHING: Focus = { asksPayer: 0.06 };

/** Null: of a life about everything. */
export function focusOf(theme: Theme | null): Focus {
  return theme === null ? EVERYTHING : FOCUS[theme];
}

/** What a seed is about; null: everything. */
export function themeOf(chance: Chance): Theme | null {
  return chance.of('theme') < 0.5 ? null : chance.pick('which theme', THEMES);
}
