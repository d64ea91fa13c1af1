import type { OrderResource } from '../../api/orders/order-schema.ts';
import { apiHoldings, gained, ledgerHoldings } from './holdings.ts';
import type { Scenario, Stage } from './scenario.ts';
import { until } from './until.ts';
import { judge, type Verdict } from './verdict.ts';
import { stageFor, type World } from './world.ts';

/** A scenario that was played. Without a verdict it broke off, and `error` says why. */
export interface Played {
  readonly name: string;
  readonly title: string;
  readonly ok: boolean;
  readonly tookMs: number;
  readonly verdict: Verdict | null;
  readonly error: string | null;
}

const SETTLED_WITHIN_MS = 10_000;

/**
 * Plays one scenario, alone in its world, and compares who gained what meanwhile: by the whole ledger, so that a cent
 * that went where nobody expected it is found too.
 */
export async function play(scenario: Scenario, world: World, step: Stage['step']): Promise<Played> {
  const { name, title } = scenario;
  const startedMs = performance.now();
  const tookMs = () => Math.round(performance.now() - startedMs);
  try {
    const verdict = await verdictOf(scenario, world, step);
    return { name, title, ok: verdict.ok, tookMs: tookMs(), verdict, error: null };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { name, title, ok: false, tookMs: tookMs(), verdict: null, error: why };
  }
}

async function verdictOf(scenario: Scenario, world: World, step: Stage['step']): Promise<Verdict> {
  const stage = stageFor(scenario.name, world, step);
  const holdings = async () => ledgerHoldings(await world.sandbox.ledger(), world.platform);
  const before = await holdings();
  const { orders, transfers = [], payouts = [], facts } = await scenario.play(stage);
  const settled = await Promise.all(orders.map((order) => onceSettled(stage, order)));
  return judge(scenario.expected, {
    ledger: gained(before, await holdings()),
    api: apiHoldings(settled, transfers, payouts),
    facts,
  });
}

/** The order once Stripe has reported everything about its money. */
function onceSettled({ api }: Stage, { id }: OrderResource): Promise<OrderResource> {
  return until(`order ${id} knows all its figures`, SETTLED_WITHIN_MS, async () => {
    const order = await api.order(id);
    return order.outstanding.length === 0 ? order : undefined;
  });
}
