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
};
