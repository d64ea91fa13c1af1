import { DAY_SECONDS } from '../core/clock.ts';
import type { WebhookDelivery, WebhookEndpoint } from '../objects/webhooks.ts';
import type { Json } from '../views/json.ts';
import { type Disturbance, typeMatches, UNDISTURBED } from '../webhooks/disturbance.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import type { World } from './world.ts';

const MAX_SHOWN = 1000;
const DEFAULT_SHOWN = 100;

/** Deliveries newest first; filters `type`, `state`, `event`, `endpoint`. */
function listDeliveries(world: World, { query }: ControlRequest): Json {
  const limit = Math.min(Number(query.get('limit') ?? DEFAULT_SHOWN) || DEFAULT_SHOWN, MAX_SHOWN);
  const wanted = (delivery: WebhookDelivery): boolean =>
    typeMatches(query.get('type') ?? '*', delivery.type) &&
    (['state', 'event', 'endpoint'] as const).every((name) => {
      const asked = query.get(name);
      return asked === null || asked === delivery[name];
    });
  const data: WebhookDelivery[] = [];
  let count = 0;
  for (const id of world.store.ids('webhook_delivery')) {
    const delivery = world.store.get('webhook_delivery', id);
    if (!delivery || !wanted(delivery)) continue;
    count += 1;
    if (data.length < limit) data.push(delivery);
  }
  return { object: 'list', mode: world.webhooks.mode, count, has_more: count > data.length, data };
}

const MAX_DUPLICATES = 20;

/** What is not named goes back to normal; an empty body ends every disturbance and lets go what was held. */
function disturb(world: World, { body }: ControlRequest): Disturbance {
  for (const key of Object.keys(body)) {
    if (!Object.hasOwn(UNDISTURBED, key)) throw new ControlError(`unknown disturbance: ${key}`);
  }
  const { drop = 0, ...rest } = body as Partial<Omit<Disturbance, 'drop'>> & { drop?: boolean | number };
  const asked = { ...UNDISTURBED, ...rest, drop: Number(drop) };
  if (!(asked.drop >= 0 && asked.drop <= 1)) throw new ControlError('drop is a share from 0 to 1');
  if (!Number.isInteger(asked.duplicate) || asked.duplicate < 0 || asked.duplicate > MAX_DUPLICATES) {
    throw new ControlError(`duplicate is a number from 0 to ${MAX_DUPLICATES}`);
  }
  if (typeof asked.hold !== 'boolean' || typeof asked.reorder !== 'boolean') {
    throw new ControlError('hold and reorder are true or false');
  }
  const areNames = Array.isArray(asked.types) && asked.types.every((name) => typeof name === 'string');
  if (!areNames || typeof asked.seed !== 'number') {
    throw new ControlError('types is a list of event names, seed a number');
  }
  world.webhooks.disturb(asked);
  return asked;
}

async function settle(world: World): Promise<Json> {
  await world.webhooks.settled();
  return { settled: true };
}

async function sendNow(world: World, { id }: ControlRequest): Promise<WebhookDelivery> {
  const delivery = await world.webhooks.sendNow(id);
  if (!delivery) throw new ControlError(`no delivery ${id}`);
  return delivery;
}

/** What Stripe's Dashboard does: a new secret, with which the old one signs along for up to a day. */
function rollSecret(world: World, { id, body }: ControlRequest): Json {
  const overlap = body.overlap_seconds ?? DAY_SECONDS;
  if (typeof overlap !== 'number' || !(overlap >= 0 && overlap <= DAY_SECONDS)) {
    throw new ControlError(`overlap_seconds must be a number from 0 to ${DAY_SECONDS}`);
  }
  return world.transaction((ctx) => {
    const before = ctx.tx.get('webhook_endpoint', id);
    if (!before) throw new ControlError(`no webhook_endpoint ${id}`);
    const rolled: WebhookEndpoint = {
      ...before,
      secret: `whsec_${ctx.ids.random(32)}`,
      sandbox: { previousSecret: before.secret, previousUntil: ctx.now + overlap },
    };
    ctx.tx.put('webhook_endpoint', rolled);
    return { id, secret: rolled.secret, previous_until: rolled.sandbox.previousUntil };
  });
}

export const webhookControls: Record<string, Handler> = {
  'GET /_sandbox/webhooks': listDeliveries,
  'POST /_sandbox/webhooks': disturb,
  'POST /_sandbox/webhooks/settle': settle,
  'POST /_sandbox/webhooks/:id/send': sendNow,
  'POST /_sandbox/webhook_endpoints/:id/roll_secret': rollSecret,
};
