import { Forgotten } from './checks/forgotten.ts';
import { checkLiveness } from './checks/liveness.ts';
import { Restrictions } from './checks/restrictions.ts';
import { Safety } from './checks/safety.ts';
import { Callers } from './lives/caller.ts';
import { live } from './lives/live.ts';
import { fund, liveWorks } from './lives/live-work.ts';
import { createCustomer } from './lives/outside.ts';
import type { Plan, PlannedOrder } from './lives/plan.ts';
import { planOf } from './lives/plan.ts';
import type { PlannedWork } from './lives/plan-work.ts';
import type { Theme } from './lives/themes.ts';
import { focusOf, themeOf } from './lives/themes.ts';
import { WorkCallers } from './lives/work-caller.ts';
import type { Fault } from './world/chance.ts';
import { Chance } from './world/chance.ts';
import { World } from './world/world.ts';

/** A run, written down: what is left of a seed once everything is taken out that it fails without. */
export interface Script {
  readonly seed: number;
  /** What it is about; absent: everything. */
  readonly theme?: Theme;
  /** Of each order, payout, transfer and account, the numbers of the deeds that are done. */
  readonly deeds: Readonly<Record<string, readonly number[]>>;
  readonly faults: readonly Fault[];
}

export interface Result {
  readonly script: Script;
  /** Why it failed; null: it did not. */
  readonly violation: string | null;
  /** Orders, payouts, transfers and accounts. */
  readonly lives: number;
  readonly steps: number;
}

const HOUR_MS = 3_600_000;
const FEED_EVERY_MS = 4 * HOUR_MS;

/** Lives through one seed, about a theme that is given or else about its own. */
export function simulate(seed: number, theme = themeOf(new Chance(seed, null))): Promise<Result> {
  return liveThrough(seed, theme, null);
}

/** Lives through what a script leaves of a seed. */
export function simulateScript(script: Script): Promise<Result> {
  return liveThrough(script.seed, script.theme ?? null, script);
}

async function liveThrough(seed: number, theme: Theme | null, script: Script | null): Promise<Result> {
  // Most errors here are the plan, and a stack for each is half of what they cost.
  Error.stackTraceLimit = 0;
  const focus = focusOf(theme);
  const chance = new Chance(seed, script?.faults ?? null, focus.rates);
  const plan = only(planOf(chance, focus), script);
  const world = new World(plan, chance);
  const callers = new Callers(world, chance);
  const restrictions = new Restrictions(world);
  const safety = new Safety(world, callers, plan, restrictions);
  world.watch(safety);
  const forgotten = new Forgotten(world);
  const workCallers = new WorkCallers(world, callers);
  if (plan.works.length > 0) await fund(world);
  const lastAt = Math.max(
    live(world, callers, await withCustomers(world, plan)),
    liveWorks(world, workCallers, plan.works),
  );
  while (world.clock.now < lastAt && world.broken.length === 0) {
    world.sync();
    await world.runUntil(Math.min(lastAt, world.clock.now + FEED_EVERY_MS));
  }
  await checkLiveness(world, callers, workCallers, plan, chance, { forgotten, restrictions });
  safety.sumOfLedger();
  return {
    script: {
      seed,
      ...(theme ? { theme } : {}),
      deeds: Object.fromEntries([...plan.orders, ...plan.works].map(({ id, numbers }) => [id, numbers])),
      faults: chance.fired,
    },
    violation: world.broken[0] ?? null,
    lives: plan.orders.length + plan.works.length,
    steps: world.steps,
  };
}

async function withCustomers(world: World, plan: Plan): Promise<Plan> {
  const orders = plan.orders.map(async (order) => {
    if (order.terms.onCaptureExpiry === 'cancel') return order;
    return { ...order, terms: { ...order.terms, source: await createCustomer(world) } };
  });
  return { ...plan, orders: await Promise.all(orders) };
}

function only(plan: Plan, script: Script | null): Plan {
  if (!script) return plan;
  return { ...plan, orders: left(plan.orders, script), works: left(plan.works, script) };
}

/** What a script leaves of them, each with the deeds that are left. */
function left<T extends PlannedOrder | PlannedWork>(all: readonly T[], { deeds }: Script): T[] {
  return all.flatMap((one) => {
    const numbers = deeds[one.id];
    if (!numbers) return [];
    const isLeft = (_: unknown, at: number) => numbers.includes(one.numbers[at] ?? -1);
    return [{ ...one, numbers, deeds: (one.deeds as readonly unknown[]).filter(isLeft) } as T];
  });
}
