import type { Timeline } from '../../domain/commands/timeline.ts';
import { openNotices } from '../../domain/orders/notices.ts';
import type { Order } from '../../domain/orders/order.ts';
import type { Callers } from '../lives/caller.ts';
import type { Plan, PlannedOrder } from '../lives/plan.ts';
import type { WorkCallers } from '../lives/work-caller.ts';
import { workflowIdOf } from '../lives/work-caller.ts';
import type { Execution } from '../temporal/execution.ts';
import type { Chance } from '../world/chance.ts';
import type { World } from '../world/world.ts';
import { differenceOf } from './agreement.ts';
import { whyNotAsAsked } from './asked.ts';
import { missingEvent, unannounced } from './events.ts';
import type { Forgotten } from './forgotten.ts';
import { unrecovered } from './recoveries.ts';
import type { Restrictions } from './restrictions.ts';
import { wrongAnswer } from './unanswered.ts';
import { unseen } from './unseen.ts';
import { whyWorkNotLive } from './work-liveness.ts';

/** What was noted of a life while it went on. */
export interface Watched {
  readonly forgotten: Forgotten;
  readonly restrictions: Restrictions;
}

/** Long enough for every retry, probe and read that is owed. */
const HEALS_WITHIN_MS = 3_600_000;
/** What a schedule started before ends, one way or the other: it starts no second one meanwhile. */
const LAST_PASSES_END_WITHIN_MS = 900_000;
/** How often people decide about what still asks for them. */
const ROUNDS_MAX = 4;
/** Longer than any news takes to arrive, and what is done about it. */
const QUIET_MS = 60_000;

/**
 * With nothing going wrong any more, everything comes to its end: each command has its result, each order shows what Stripe has,
 * and whatever waits, waits for a person who has been told.
 */
export async function checkLiveness(
  world: World,
  callers: Callers,
  workCallers: WorkCallers,
  plan: Plan,
  chance: Chance,
  watched: Watched,
): Promise<void> {
  chance.endFaults();
  const { clock } = world;
  const healedAt = Math.max(clock.now, world.server.allUpAt, ...plan.outages.map(({ until }) => until));
  await world.runUntil(healedAt + LAST_PASSES_END_WITHIN_MS);
  for (let round = 0; round < ROUNDS_MAX && world.broken.length === 0; round++) {
    world.sync();
    await world.runUntil(clock.now + HEALS_WITHIN_MS);
    const decided = [
      await decide(world, callers, plan, round),
      decideOnWorks(world, workCallers, plan, round),
    ];
    if (!decided.includes(true)) break;
  }
  await quiet(world);
  if (world.broken.length === 0) await checkAll(world, callers, plan, watched);
  if (world.broken.length === 0) await checkUnpaid(world, callers, plan, watched);
}

const UNPAID: ReadonlySet<string> = new Set(['requires_payment_method', 'requires_action']);

/** An order that nobody pays is canceled in time, so that no late customer pays for it, unless it waits for a person. */
async function checkUnpaid(world: World, callers: Callers, plan: Plan, watched: Watched): Promise<void> {
  const { server, clock } = world;
  const unpaid = async () => {
    const orders: Order[] = [];
    for (const { id } of plan.orders) {
      const execution = server.newest.get(`order/${id}`);
      if (!execution?.isOpen) continue;
      const order = (await server.query(execution, 'order', '[]')) as Order;
      if (UNPAID.has(order.payment.status) && !order.attention && openNotices(order.notices).length === 0)
        orders.push(order);
    }
    return orders;
  };
  const waiting = new Set((await unpaid()).map(({ terms }) => terms.id));
  if (waiting.size === 0) return;
  await world.runUntil(clock.now + plan.policy.abandonAfterMs + HEALS_WITHIN_MS);
  world.sync();
  await world.runUntil(clock.now + LAST_PASSES_END_WITHIN_MS);
  await quiet(world);
  const late = (await unpaid()).find(({ terms }) => waiting.has(terms.id));
  if (late) world.broken.push(`${late.terms.id}: nobody has paid it, and it is still ${late.payment.status}`);
  else await checkAll(world, callers, plan, watched);
}

/** Of what Stripe does by itself, at a deadline say, nobody can know before its news arrives. */
async function quiet(world: World): Promise<void> {
  while (world.broken.length === 0 && world.clock.now - world.lastEventAt < QUIET_MS)
    await world.runUntil(world.lastEventAt + QUIET_MS);
}

/** Whoever has been told decides; false: nobody had to. */
async function decide(world: World, callers: Callers, plan: Plan, round: number): Promise<boolean> {
  let isAny = false;
  for (const { id } of plan.orders) {
    const execution = world.server.newest.get(`order/${id}`);
    if (!execution?.isOpen || execution.visible?.searchAttributes.NeedsAttention !== true) continue;
    const order = (await world.server.query(execution, 'order', '[]')) as Order;
    const action = order.attention ? (round === ROUNDS_MAX - 2 ? 'abandon' : 'retry') : 'acknowledge';
    const body = { kind: 'resolve', action, reason: 'all is well again' } as const;
    callers.command(id, `decided-${round}`, body);
    isAny = true;
  }
  return isAny;
}

/** The same of payouts, transfers and accounts. */
function decideOnWorks({ server }: World, callers: WorkCallers, { works }: Plan, round: number): boolean {
  let isAny = false;
  for (const work of works) {
    const execution = server.newest.get(workflowIdOf(work));
    if (!execution?.isOpen || execution.visible?.searchAttributes.NeedsAttention !== true) continue;
    const action = round === ROUNDS_MAX - 2 ? 'abandon' : 'retry';
    callers.command(work, `decided-${round}`, { kind: 'resolve', action, reason: 'all is well again' });
    isAny = true;
  }
  return isAny;
}

async function checkAll(world: World, callers: Callers, plan: Plan, watched: Watched): Promise<void> {
  for (const work of plan.works) {
    const why = await whyWorkNotLive(world, callers, work);
    if (why) world.broken.push(`${work.id}: ${why}`);
  }
  for (const planned of plan.orders) {
    const execution = world.server.newest.get(`order/${planned.id}`);
    const why = execution
      ? await whyNotLive(world, callers, execution, planned, watched)
      : watched.forgotten.unseen(planned.id);
    if (why) world.broken.push(`${planned.id}: ${why}`);
  }
  const missing = missingEvent(world);
  if (missing) world.broken.push(missing);
}

async function whyNotLive(
  world: World,
  callers: Callers,
  execution: Execution,
  { id, adopted }: PlannedOrder,
  { restrictions }: Watched,
): Promise<string | null> {
  const { server } = world;
  const order = (await server.query(execution, 'order', '[]')) as Order;
  if (order.pending) return `${order.pending.operation} is still on its way`;
  const wrong = await wrongAnswer(world, callers, execution, id);
  if (wrong) return wrong;
  const isTold = execution.searchAttributes.NeedsAttention === true;
  const asks = order.attention !== null || openNotices(order.notices).length > 0;
  if (execution.isOpen && asks && !isTold) return 'it waits for a person who has not been told';
  if (execution.isOpen && !asks && isTold) return 'it asks for nobody, and is still listed';
  if (order.attention) return null;
  // Of what Stripe refused at once only its caller knows, and what was taken over, or forgotten, had a life before.
  const isQuiet =
    adopted !== null ||
    server.forgotten.has(execution.workflowId) ||
    (execution.status === 'FAILED' && !world.subscriber.knows(`order~${id}`));
  const timeline = (await server.query(execution, 'timeline', '[]')) as Timeline;
  return (
    whyNotAsAsked(world, order, timeline, [...callers.asked.values()]) ??
    differenceOf(world, order) ??
    unrecovered(world, order) ??
    unseen(world, order, execution) ??
    restrictions.unheard(order) ??
    (isQuiet ? null : unannounced(world, order))
  );
}
