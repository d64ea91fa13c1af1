import { usd } from '../amounts.ts';
import type { Ledger, LoggedRequest } from '../sandbox-client.ts';
import type { Scenario, Stage } from '../scenario.ts';
import { until } from '../until.ts';
import { sale } from './sale.ts';

/** Long enough to kill a process meanwhile. */
const ANSWER_HELD_BACK_MS = 3_000;
const TAKES_EFFECT_WITHIN_MS = 10_000;

/** Stripe has moved the money, and whoever asked for it dies before the answer: nobody may take it twice. */
export const workerKilled: Scenario = {
  name: 'worker-killed',
  title: 'the worker killed in the middle of a capture',
  expected: {
    customer: usd(1000),
    platform: usd(64),
    connected: usd(877),
    stripe: usd(59),
    facts: { status: 'captured', 'captures that took effect': 1, 'charges in the ledger': 1 },
  },
  async play(stage) {
    const { api, sandbox, worker, step } = stage;
    const authorized = await api.createOrder(sale(stage));
    const path = `/v1/payment_intents/${authorized.payment_intent}/capture`;
    const effect = { delay_ms: ANSWER_HELD_BACK_MS, when: 'after' } as const;
    await sandbox.addFault({ match: { method: 'POST', path }, effect });

    step('capture; Stripe takes the money and holds its answer back');
    const [order] = await Promise.all([
      api.capture(authorized),
      takenEffect(stage, charged(authorized.latest_charge)).then(async () => {
        step(`kill -9 ${worker.pid}, the worker`);
        await worker.kill('SIGKILL');
        step('start the worker again; Temporal notices within ten seconds, and gives it the order back');
        await worker.restart();
      }),
    ]);
    return {
      orders: [order],
      facts: {
        status: order.status,
        'captures that took effect': (await sandbox.posts(path)).filter(effective).length,
        'charges in the ledger': charged(order.latest_charge)(await sandbox.ledger()),
      },
    };
  },
};

async function takenEffect({ sandbox }: Stage, times: (ledger: Ledger) => number): Promise<void> {
  await until('Stripe has captured', TAKES_EFFECT_WITHIN_MS, async () =>
    times(await sandbox.ledger()) > 0 ? true : undefined,
  );
}

/** How often the ledger says that this charge's money was taken from the card. */
function charged(charge: string | null): (ledger: Ledger) => number {
  return ({ entries }) =>
    entries.filter(
      ({ source, lines }) =>
        source === charge && lines.some(({ account, amount }) => account === 'card_network' && amount < 0),
    ).length;
}

/** A repeat that Stripe answers from memory (`replayed`) or refuses has moved nothing. */
function effective({ status, replayed }: LoggedRequest): boolean {
  return status === 200 && !replayed;
}
