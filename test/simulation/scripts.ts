import type { Script } from '../../simulation/simulate.ts';

/** What failing seeds shrank to, as `npm run simulate` printed it; each with what it found. */
export const SCRIPTS: Readonly<Record<string, Script>> = {
  'a dispute that is opened before the answer to the payment’s creation has come': {
    seed: 12,
    deeds: { 'order-0': [2], 'order-1': [0] },
    faults: [
      'rate_limited order/order-1 authorize 1 local request 1',
      'answer_lost order/order-1 authorize 2 attempt 1 request 2',
      'answer_lost order/order-1 authorize 2 attempt 2 request 2',
      'rate_limited order/order-1 authorize 2 attempt 3 request 2',
      'answer_lost order/order-1 authorize 2 attempt 4 request 1',
    ],
  },
  'a refund in the Dashboard, right before one of Waybill’s, that gives back a part of the application fee': {
    seed: 633,
    deeds: { 'order-2': [0, 2, 3, 4] },
    faults: [
      'request_lost order/order-2 capture 5 local request 1',
      'answers_lost order/order-2 capture 6',
      'request_lost order/order-2 refund 10 attempt 1 request 2',
      'request_lost order/order-2 refund 11 attempt 1 request 1',
      'crash order/order-2 refund 11 attempt 2 request 4 answered',
    ],
  },
  'all that is left of a part that was captured, refunded under a limit a day': {
    seed: 276,
    deeds: { 'order-2': [0, 2] },
    faults: [],
  },
  'an account that was opened before others, whose connection answers with a 500': {
    seed: 239,
    deeds: { 'order-0': [], 'account-0': [3], 'account-1': [] },
    faults: [
      'answer_late caller cmd_NP70nfqtFeG4JddRBDeIxF 1 request 1',
      'failed_after_effect account/account-1 connect_account 1 local request 1',
    ],
  },
  'a refund that fails at the bank right before all that is left is refunded': {
    seed: 11415,
    deeds: { 'order-0': [0, 2, 3, 6] },
    faults: [],
  },
  'a renewal that all workers miss for a day, twice': {
    seed: 11059,
    deeds: { 'order-0': [2] },
    faults: [
      'crash order/order-0 observePayment 9 attempt 1 request 1 answered',
      'fleet_down order/order-0 observePayment 9 attempt 1 request 1 answered',
      'crash order/order-0 reauthorize 11 attempt 1 request 2 answered',
      'fleet_down order/order-0 reauthorize 11 attempt 1 request 2 answered',
    ],
  },
  'payouts that all workers miss for a day, under a limit a day': {
    seed: 20483,
    deeds: { 'payout-0': [], 'payout-1': [], 'transfer-0': [] },
    faults: [
      'crash transfer/transfer-0 transfer 1 attempt 1 request 3 taken',
      'fleet_down transfer/transfer-0 transfer 1 attempt 1 request 3 taken',
    ],
  },
  'an approved refund that Stripe refuses, since the payment was disputed meanwhile': {
    seed: 150,
    theme: 'accounts',
    deeds: { 'order-0': [0, 2, 3] },
    faults: [
      'webhook_lost webhook charge.dispute.created payment 1',
      'webhook_lost webhook charge.dispute.funds_withdrawn payment 1',
    ],
  },
  'a dispute that no worker can read for the day on which its order closes': {
    seed: 43169,
    theme: 'renewals',
    deeds: { 'order-0': [0, 2], 'order-1': [0], 'order-2': [5] },
    faults: [
      'answer_lost order/order-2 release 5 attempt 1 request 1',
      'webhook_lost webhook payment_intent.succeeded order-1 1',
      'crash order/order-1 capture 9 local request 1 answered',
      'crash order/order-1 observePayment 11 attempt 1 request 1 taken',
      'crash order/order-1 observePayment 11 attempt 2 request 4 answered',
      'crash order/order-1 observePayment 11 attempt 3 request 1 answered',
      'fleet_down order/order-1 observePayment 11 attempt 3 request 1 answered',
      'crash order/order-2 release 16 attempt 1 request 1 taken',
      'fleet_down order/order-2 release 16 attempt 1 request 1 taken',
    ],
  },
  'two commands that wait for one reading of an account, which was the simulation’s own fault': {
    seed: 60449,
    deeds: { 'order-1': [0, 4] },
    faults: [],
  },
  'a reversal that is sent twice, and the second finds the run that has carried out the first': {
    seed: 60394,
    deeds: { 'transfer-0': [1, 3] },
    faults: ['command_doubled caller transfer-0-3-reverse'],
  },
};
