import { randomUUID } from 'node:crypto';
import type Stripe from 'stripe';
import type { Answer, Caller } from '../../dev/chaos/caller.ts';
import { readAll } from '../../stripe/read-all.ts';
import { deedOf, REFUNDED, REVERSED, TRANSFERRED } from './deeds.ts';

/** Far above what its refunds take. Minor units. */
const AMOUNT = 50_000_00;
const DESTINATION = 'acct_1WaybillUSCustom';

interface Asked {
  readonly path: string;
  readonly key: string;
  readonly body: object;
  readonly status: number;
}

/** What came of the order's life, to be held against Stripe. */
export interface Counts {
  refunds: number;
  transfers: number;
  reversals: number;
  refused: number;
  repeats: number;
}

/** One order on which very much is done, by its API and in the Dashboard. */
export class OrderLife {
  readonly #caller: Caller;
  readonly #stripe: Stripe;
  readonly #asked: Asked[] = [];
  readonly #transfers: string[] = [];
  readonly counts: Counts = { refunds: 0, transfers: 0, reversals: 0, refused: 0, repeats: 0 };
  readonly id = `long-${randomUUID()}`;
  #charge = '';

  constructor(caller: Caller, stripe: Stripe) {
    this.#caller = caller;
    this.#stripe = stripe;
  }

  async begin(): Promise<void> {
    await this.#caller.post('/v1/orders', this.id, {
      id: this.id,
      amount: AMOUNT,
      currency: 'usd',
      token: 'tok_bypassPending',
      connected_account: DESTINATION,
      transfer_amount: 100,
      capture_method: 'automatic',
    });
    const settled = await this.#caller.getUntil(
      `/v1/orders/${this.id}`,
      'its settlement',
      (order) => order.complete,
    );
    this.#charge = settled.body.latest_charge;
  }

  /** Does what comes at that place of its life. */
  async live(n: number): Promise<void> {
    const deed = deedOf(n);
    switch (deed.kind) {
      case 'outside_refund':
        this.counts.refunds += 1;
        await this.#stripe.refunds.create(
          { charge: this.#charge, amount: REFUNDED },
          { idempotencyKey: `${this.id}-${n}` },
        );
        return;
      case 'transfer': {
        this.counts.transfers += 1;
        const before = new Set(this.#transfers);
        const { body } = await this.#ask(n, '/transfers', { amount: TRANSFERRED, description: `${n}` }, 200);
        for (const { id } of body.transfers) if (!before.has(id)) this.#transfers.push(id);
        return;
      }
      case 'reversal': {
        const transfer = this.#transfers.at(-1);
        if (transfer === undefined) return;
        this.counts.reversals += 1;
        await this.#ask(n, `/transfers/${transfer}/reversals`, { amount: REVERSED }, 200);
        return;
      }
      case 'repeat': {
        const earlier = this.#asked.at(-((n % 5) + 1));
        if (!earlier) return;
        this.counts.repeats += 1;
        expectStatus(earlier, await this.#caller.post(earlier.path, earlier.key, earlier.body));
        return;
      }
      case 'command':
        if (deed.status !== 200) this.counts.refused += 1;
        else if (deed.path === '/refunds') this.counts.refunds += 1;
        await this.#ask(n, deed.path, deed.body, deed.status);
    }
  }

  /** Asks once more for the first refund, transfer and reversal, under their keys. */
  async repeatFirst(): Promise<void> {
    for (const end of ['refunds', 'transfers', 'reversals']) {
      const first = this.#asked.find(({ path, status }) => path.endsWith(end) && status === 200);
      if (!first) throw new Error(`No ${end} were asked for.`);
      expectStatus(first, await this.#caller.post(first.path, first.key, first.body));
    }
  }

  /** What of it differs from Stripe, or from what was asked; in words. */
  async differences(): Promise<string[]> {
    const { body: order } = await this.#caller.getUntil(
      `/v1/orders/${this.id}`,
      'every refund',
      ({ refunds }) => refunds.length >= this.counts.refunds,
    );
    const { refunds, transfers, reversals } = this.counts;
    const group = (await this.#stripe.charges.retrieve(this.#charge)).transfer_group;
    const made = await readAll(this.#stripe.transfers.list({ transfer_group: group ?? '', limit: 100 }));
    const special = made.filter(({ metadata }) => metadata.waybill_operation !== undefined);
    const given = await readAll(this.#stripe.refunds.list({ charge: this.#charge, limit: 100 }));
    const rows: [what: string, asked: number, shown: number, atStripe: number][] = [
      ['refunds', refunds, order.refunds.length, given.length],
      ['transfers', transfers, order.transfers.length, special.length],
      ['reversals', reversals, order.adjustments.length, sumOf(special, 'amount_reversed') / REVERSED],
      ['refunded', refunds * REFUNDED, order.amount_refunded, sumOf(given, 'amount')],
      ['transferred', transfers * TRANSFERRED, sumOf(order.transfers, 'amount'), sumOf(special, 'amount')],
    ];
    return [
      ...rows.flatMap(([what, asked, shown, atStripe]) =>
        asked === shown && asked === atStripe
          ? []
          : [`${what}: ${asked} asked, ${shown} shown, ${atStripe} at Stripe`],
      ),
      ...(order.needs_attention ? [`needs attention: ${order.needs_attention.code}`] : []),
    ];
  }

  async #ask(n: number, path: string, body: object, status: number): Promise<Answer> {
    const asked = { path: `/v1/orders/${this.id}${path}`, key: `${this.id}-${n}`, body, status };
    this.#asked.push(asked);
    const answer = await this.#caller.post(asked.path, asked.key, asked.body);
    expectStatus(asked, answer);
    return answer;
  }
}

function expectStatus({ path, status }: Asked, answer: Answer): void {
  if (answer.status === status) return;
  throw new Error(
    `${path}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}, expected ${status}`,
  );
}

function sumOf<Key extends string>(all: readonly Readonly<Record<Key, number>>[], key: Key): number {
  return all.reduce((sum, one) => sum + one[key], 0);
}
