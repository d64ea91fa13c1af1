import { z } from 'zod';

const line = z.object({ account: z.string(), currency: z.string(), amount: z.int() });
const ledgerDocument = z.object({
  accounts: z.array(line),
  entries: z.array(z.object({ description: z.string(), source: z.string(), lines: z.array(line) })),
  sum: z.record(z.string(), z.int()),
});
export type Ledger = z.infer<typeof ledgerDocument>;

const requestList = z.object({
  data: z.array(z.object({ status: z.int().nullable(), replayed: z.boolean() })),
});
export type LoggedRequest = z.infer<typeof requestList>['data'][number];

/** As many as the sandbox gives at once: more than all scenarios make. */
const ENTRIES_MAX = 1_000;

/** What a call runs into; see the sandbox's own documentation. */
export interface Fault {
  match: { method: string; path: string };
  effect: { delay_ms?: number; drop?: boolean; when: 'before' | 'after' };
}

/** The sandbox's control API: where the truth about every cent can be asked, and trouble be ordered. */
export class SandboxClient {
  readonly #url: string;
  readonly #secretKey: string;

  constructor(url: string, secretKey: string) {
    this.#url = url;
    this.#secretKey = secretKey;
  }

  /** The account that the secret key belongs to. */
  async platform(): Promise<string> {
    const headers = { Authorization: `Bearer ${this.#secretKey}` };
    const answer = await answerOf(await fetch(`${this.#url}/v1/account`, { headers }));
    return z.object({ id: z.string() }).parse(answer).id;
  }

  /** 10.00 with a fee of 1.23, charged by somebody who uses Stripe directly; the PaymentIntent's id. */
  async charge(destination: string): Promise<string> {
    const headers = { Authorization: `Bearer ${this.#secretKey}` };
    const body = new URLSearchParams({
      amount: '1000',
      currency: 'usd',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      application_fee_amount: '123',
      'transfer_data[destination]': destination,
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
    });
    const response = await fetch(`${this.#url}/v1/payment_intents`, { method: 'POST', headers, body });
    return z.object({ id: z.string() }).parse(await answerOf(response)).id;
  }

  ledger(): Promise<Ledger> {
    return this.#ask(`ledger?limit=${ENTRIES_MAX}`, ledgerDocument);
  }

  /** The calls of one endpoint, oldest first. */
  async posts(path: string): Promise<LoggedRequest[]> {
    return (await this.#ask(`requests?method=POST&path=${encodeURIComponent(path)}`, requestList)).data;
  }

  async addFault(fault: Fault): Promise<void> {
    await this.#post('faults', fault);
  }

  /** What is authorized during `work` can be captured only so long; a card network gives a week. */
  async withCaptureWindow<T>(seconds: number, work: () => Promise<T>): Promise<T> {
    await this.#post('settings', { capture_window_seconds: seconds });
    try {
      return await work();
    } finally {
      await this.#post('settings', { capture_window_seconds: null });
    }
  }

  /** The customer's bank takes a payment back. */
  async dispute(charge: string): Promise<void> {
    await this.#post(`charges/${charge}/dispute`, { reason: 'fraudulent' });
  }

  /** The bank's last word on a dispute. */
  async decide(dispute: string, verdict: 'won' | 'lost'): Promise<void> {
    await this.#post(`disputes/${dispute}/decide`, { verdict });
  }

  /** As if that many days had passed at Stripe. */
  async passDays(days: number): Promise<void> {
    await this.#post('clock/advance', { seconds: days * 86_400 });
  }

  /** The bank sends a payout back. */
  async failPayout(payout: string, failureCode: string): Promise<void> {
    await this.#post(`payouts/${payout}/fail`, { failure_code: failureCode });
  }

  /** Stripe checks what accounts submit at once; otherwise it takes its time. */
  async withVerificationAtOnce<T>(work: () => Promise<T>): Promise<T> {
    await this.#post('settings', { verification_seconds: 0 });
    try {
      return await work();
    } finally {
      await this.#post('settings', { verification_seconds: 5 });
    }
  }

  /** Every webhook sent during `work` is lost on its way. */
  async withWebhooksLost<T>(work: () => Promise<T>): Promise<T> {
    await this.#post('webhooks', { drop: true });
    try {
      return await work();
    } finally {
      await this.#post('webhooks', {});
    }
  }

  /** How many webhooks of one event type came to nothing. */
  async webhooksLost(type: string): Promise<number> {
    const list = z.object({ count: z.int() });
    return (await this.#ask(`webhooks?state=dropped&type=${type}`, list)).count;
  }

  /** The customer's answer on the bank's page. */
  async authenticate(paymentIntent: string, outcome: 'succeeded' | 'failed'): Promise<void> {
    await this.#post(`payment_intents/${paymentIntent}/authenticate`, { outcome });
  }

  /** Somebody captures in Stripe's Dashboard, past Waybill. */
  async captureInDashboard(paymentIntent: string): Promise<void> {
    const path = `/v1/payment_intents/${paymentIntent}/capture`;
    const headers = { Authorization: `Bearer ${this.#secretKey}` };
    await answerOf(await fetch(`${this.#url}${path}`, { method: 'POST', headers }));
  }

  /** Somebody takes a part of a transfer back in Stripe's Dashboard, past Waybill. Minor units. */
  async reverseInDashboard(transfer: string, amount: number): Promise<void> {
    const headers = { Authorization: `Bearer ${this.#secretKey}` };
    const body = new URLSearchParams({ amount: String(amount) });
    await answerOf(
      await fetch(`${this.#url}/v1/transfers/${transfer}/reversals`, { method: 'POST', headers, body }),
    );
  }

  async #ask<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return schema.parse(await answerOf(await fetch(`${this.#url}/_sandbox/${path}`)));
  }

  async #post(path: string, body: object): Promise<void> {
    const headers = { 'Content-Type': 'application/json' };
    await answerOf(
      await fetch(`${this.#url}/_sandbox/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }),
    );
  }
}

async function answerOf(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}: ${await response.text()}`);
  return response.json();
}
