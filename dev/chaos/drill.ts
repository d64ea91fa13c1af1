import { createStripeClient } from '../../stripe/client.ts';
import { startReceiver } from '../event-receiver.ts';
import { audit } from './audit.ts';
import { Caller } from './caller.ts';
import { healMsOf, tooSlowToHeal } from './healing.ts';
import type { Random } from './random.ts';
import { pick, randomOf } from './random.ts';
import type { Report } from './report.ts';
import { Sandbox } from './sandbox.ts';
import type { Turns } from './storm.ts';
import { storm, turnsOf } from './storm.ts';
import type { System } from './system.ts';
import type { Expectation, Scene } from './works.ts';
import { earn, renewing, WORKS } from './works.ts';

/** Pieces of work that are on their way in a round's faults. */
const ROUND_MIN = 20;
const ROUND_MAX = 200;
const ROUNDS_WANTED = 5;
/**
 * Renewals begin when half of it is over, in the midst of what the faults leave behind. What is left then is longer than killed
 * processes take to come back: an authorization that lapses before is no fault of the worker's.
 */
const WINDOW_SECONDS = 70;
const RENEWED_PER_ROUND = 2;
const EARNED = 90_000_00;
const WEBHOOKS_OFF = { drop: 1 };
const WEBHOOKS_DISTURBED = { drop: 0.3, duplicate: 1, reorder: true };

export interface DrillOptions {
  readonly orders: number;
  readonly seed: number;
  /** Progress, for people. */
  readonly report: (line: string) => void;
}

/** Work through faults, round by round, and at the end everything is held against Stripe. */
export async function runDrill(system: System, { orders, seed, report }: DrillOptions): Promise<Report> {
  const startedAt = performance.now();
  const random = randomOf(seed);
  const caller = new Caller({ url: system.urls.api, apiKey: system.apiKey });
  const stripe = createStripeClient({ secretKey: system.secretKey, apiBase: system.urls.sandbox });
  const scene: Scene = { caller, stripe, sandbox: new Sandbox(system.urls.sandbox) };
  const receiver = await startReceiver();
  const tally = new Tally(system, report);
  try {
    await caller.post('/v1/event_subscriptions', 'drill', { url: receiver.url });
    await earn(scene, EARNED);
    const size = Math.min(Math.max(Math.ceil(orders / ROUNDS_WANTED), ROUND_MIN), ROUND_MAX);
    for (let done = 0, round = 0; done < orders; done += size, round++) {
      const count = Math.min(size, orders - done);
      await playRound(system, scene, random, { round, count, tally });
      report(
        `${done + count} of ${orders}: ${tally.faults.size} kinds of faults, ${tally.violations.length} violations`,
      );
    }
    await scene.sandbox.disturbWebhooks({});
    report('Holding everything against Stripe …');
    const { violations, events } = await audit(scene, tally.expected, receiver.received);
    return {
      ...{ seed, requests: caller.requests, events },
      works: Object.fromEntries(tally.works),
      faults: Object.fromEntries(tally.faults),
      restarts: tally.restarts,
      healMs: tally.healMs,
      durationMs: performance.now() - startedAt,
      violations: [...tally.violations, ...violations],
    };
  } finally {
    await receiver.stop();
  }
}

/** What is counted over all rounds. */
class Tally {
  readonly works = new Map<string, number>();
  readonly faults = new Map<string, number>();
  readonly healMs: { webhooksOff: number[]; webhooksDisturbed: number[] } = {
    webhooksOff: [],
    webhooksDisturbed: [],
  };
  readonly turns: Turns;
  readonly expected: Expectation[] = [];
  readonly violations: string[] = [];
  restarts = 0;
  readonly #report: (line: string) => void;

  constructor(system: System, report: (line: string) => void) {
    this.turns = turnsOf(system);
    this.#report = report;
  }

  violate(violation: string): void {
    this.violations.push(violation);
    this.#report(`VIOLATION: ${violation}`);
  }

  count(counts: Map<string, number>, what: string): void {
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
}

interface Round {
  readonly round: number;
  readonly count: number;
  readonly tally: Tally;
}

async function playRound(system: System, scene: Scene, random: Random, round: Round): Promise<void> {
  const { tally } = round;
  const isOff = round.round % 2 === 0;
  const { sandbox } = scene;
  await sandbox.disturbWebhooks(isOff ? WEBHOOKS_OFF : { ...WEBHOOKS_DISTURBED, seed: round.round });
  const renewals = await beginRenewals(scene, round);
  const kinds = Object.keys(WORKS) as [keyof typeof WORKS];
  const works = Array.from({ length: Math.max(0, round.count - renewals.length) }, (_, n) => {
    const kind = pick(random, kinds);
    return { kind, work: () => WORKS[kind](scene, `chaos-${round.round}-${n}-${kind.replaceAll('_', '-')}`) };
  });
  const all = [...renewals.map((work) => ({ kind: 'renewed', work })), ...works];
  const atWork = Promise.all(all.map(({ kind, work }) => played(tally, kind, work)));
  const { faults, restarts } = await storm(system, sandbox, random, tally.turns);
  const endedAt = performance.now();
  const waiting = scene.caller.open;
  for (const fault of faults) tally.count(tally.faults, fault);
  tally.restarts += restarts;
  // A sandbox that was killed has forgotten it.
  await sandbox.disturbWebhooks(isOff ? WEBHOOKS_OFF : { ...WEBHOOKS_DISTURBED, seed: round.round });
  await atWork;
  const healMs = waiting.map((step) => healMsOf(step, endedAt));
  tally.healMs[isOff ? 'webhooksOff' : 'webhooksDisturbed'].push(...healMs);
  if (isOff) for (const violation of tooSlowToHeal(waiting, endedAt)) tally.violate(violation);
}

async function played(tally: Tally, kind: string, work: () => Promise<Expectation>): Promise<void> {
  tally.count(tally.works, kind);
  try {
    tally.expected.push(await work());
  } catch (error) {
    tally.violate(error instanceof Error ? error.message : String(error));
  }
}

/** Before the faults begin, since no other order may get the short capture window. */
async function beginRenewals(scene: Scene, { round, count }: Round): Promise<(() => Promise<Expectation>)[]> {
  const { stripe, sandbox } = scene;
  const customer = await stripe.customers.create({});
  const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } });
  await sandbox.captureWindow(WINDOW_SECONDS);
  try {
    const numbers = Array.from({ length: Math.min(RENEWED_PER_ROUND, count) }, (_, n) => n);
    const terms = { customer: customer.id, windowMs: WINDOW_SECONDS * 1_000 };
    return await Promise.all(numbers.map((n) => renewing(scene, `chaos-${round}-renewed-${n}`, terms)));
  } finally {
    await sandbox.captureWindow(null);
  }
}
