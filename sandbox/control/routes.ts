import { DAY_SECONDS } from '../core/clock.ts';
import type { Json } from '../views/json.ts';
import { accountControls } from './accounts.ts';
import { faultControls } from './faults.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import { ledgerReport } from './ledger-report.ts';
import { paymentControls } from './payments.ts';
import { settingsControls } from './settings.ts';
import { webhookControls } from './webhooks.ts';
import type { World } from './world.ts';

const MAX_ADVANCE_SECONDS = 400 * DAY_SECONDS;

const CLOCK_WARNING =
  'Only the sandbox moved. The service, Temporal and their timers keep the real time: what they wait for comes no sooner.';

function clockState(world: World): Json {
  const nowMs = world.clock.nowMs();
  return {
    now: Math.floor(nowMs / 1000),
    iso: new Date(nowMs).toISOString(),
    offset_seconds: world.clock.offset / 1000,
  };
}

function advance(world: World, { body }: ControlRequest): Json {
  const { seconds } = body;
  if (typeof seconds !== 'number' || !(seconds >= 0) || seconds > MAX_ADVANCE_SECONDS) {
    throw new ControlError(`seconds must be a number from 0 to ${MAX_ADVANCE_SECONDS}`);
  }
  world.advance(seconds * 1000);
  return { ...clockState(world), warning: CLOCK_WARNING };
}

function requests(world: World, { query }: ControlRequest): Json {
  const wanted = (name: string, value: string | number | null): boolean => {
    const asked = query.get(name);
    return asked === null || asked === String(value);
  };
  const data = world.log
    .list()
    .filter(
      (one) =>
        wanted('method', one.method) &&
        wanted('path', one.path) &&
        wanted('status', one.status) &&
        wanted('idempotency_key', one.idempotency_key) &&
        wanted('stripe_account', one.stripe_account),
    );
  return { object: 'list', count: data.length, data };
}

/** `:id` stands for one part of the path. */
export const controlRoutes: Record<string, Handler> = {
  'POST /_sandbox/reset': (world) => {
    world.reset();
    return { reset: true };
  },
  'GET /_sandbox/clock': clockState,
  'POST /_sandbox/clock/advance': advance,
  'GET /_sandbox/ledger': (world, { query }) => ledgerReport(world.store, query),
  'GET /_sandbox/requests': requests,
  'DELETE /_sandbox/requests': (world) => {
    world.log.clear();
    return { deleted: true };
  },
  ...accountControls,
  ...faultControls,
  ...paymentControls,
  ...settingsControls,
  ...webhookControls,
};
