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
};
