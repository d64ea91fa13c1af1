import { DAY_SECONDS } from '../core/clock.ts';
import type { Fault, FaultEffect, FaultMatch } from '../http/faults.ts';
import { isNamedFault, NAMED_FAULTS } from '../http/faults.ts';
import type { Json } from '../views/json.ts';
import { accountControls } from './accounts.ts';
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

const EFFECT_FIELDS = new Set(['error', 'status', 'delay_ms', 'drop', 'when']);
const MATCH_FIELDS = new Set(['method', 'path', 'nth', 'times']);
const ERROR_FIELDS = new Set(['type', 'code', 'decline_code', 'message', 'param', 'charge']);

function onlyKnown(what: string, given: Json, known: ReadonlySet<string>): void {
  for (const key of Object.keys(given))
    if (!known.has(key)) throw new ControlError(`unknown ${what}: ${key}`);
}

/** A name of the list, or the fields of Stripe's error object, all of them text. */
function checkError(error: unknown): void {
  if (error === undefined) return;
  if (typeof error === 'string') {
    if (!isNamedFault(error))
      throw new ControlError(`unknown error: ${error}; named ones are ${NAMED_FAULTS.join(', ')}`);
    return;
  }
  if (typeof error !== 'object' || error === null || Array.isArray(error)) {
    throw new ControlError('effect.error must be a name or an object');
  }
  onlyKnown('field of effect.error', error as Json, ERROR_FIELDS);
  for (const [key, value] of Object.entries(error)) {
    if (typeof value !== 'string') throw new ControlError(`effect.error.${key} must be text`);
  }
}

function addFault(world: World, { body }: ControlRequest): Fault {
  const { match = {}, effect } = body as { match?: Json; effect?: Json };
  if (!effect || Object.keys(effect).length === 0) throw new ControlError('effect is missing');
  onlyKnown('field', body, new Set(['match', 'effect']));
  onlyKnown('effect', effect, EFFECT_FIELDS);
  onlyKnown('match', match, MATCH_FIELDS);
  checkError(effect.error);
  return world.faults.add(match as FaultMatch, effect as FaultEffect);
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
  'GET /_sandbox/faults': (world) => ({ object: 'list', data: world.faults.list() }),
  'POST /_sandbox/faults': addFault,
  'DELETE /_sandbox/faults': (world) => {
    world.faults.clear();
    return { deleted: true };
  },
  'DELETE /_sandbox/faults/:id': (world, { id }) => {
    world.faults.clear(id);
    return { id, deleted: true };
  },
  'GET /_sandbox/ledger': (world, { query }) => ledgerReport(world.store, query),
  'GET /_sandbox/requests': requests,
  'DELETE /_sandbox/requests': (world) => {
    world.log.clear();
    return { deleted: true };
  },
  ...accountControls,
  ...paymentControls,
  ...settingsControls,
  ...webhookControls,
};
