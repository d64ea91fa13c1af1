import { DAY_SECONDS } from '../core/clock.ts';
import type { Context } from '../core/context.ts';
import { balanceOf } from '../core/ledger.ts';
import { isCurrency } from '../core/money.ts';
import { saveAccount } from '../flows/accounts.ts';
import { emit } from '../flows/events.ts';
import { failPayout, isFailure } from '../flows/payouts.ts';
import { holdBack } from '../flows/risk-reserves.ts';
import type { Account, CapabilityStatus, Requirements } from '../objects/accounts.ts';
import { view } from '../views/index.ts';
import type { Json } from '../views/json.ts';
import { checkFields, type FieldChecks, isHash } from './checks.ts';
import { ControlError, type ControlRequest, type Handler } from './handler.ts';
import type { World } from './world.ts';

const MAX_DEADLINE_SECONDS = 400 * DAY_SECONDS;

const STATUSES: readonly unknown[] = ['active', 'inactive', 'pending', 'unrequested'];

const areTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const NAMES = [areTexts, 'must be a list of names'] as const;

const REQUIREMENTS: FieldChecks = {
  current_deadline: [
    (value) => value === null || Number.isSafeInteger(value),
    'must be seconds since 1970, or null',
  ],
  currently_due: NAMES,
  disabled_reason: [(value) => value === null || typeof value === 'string', 'must be text, or null'],
  errors: [
    (value) => Array.isArray(value) && value.every((one) => isHash(one) && areTexts(Object.values(one))),
    'must be a list of objects of texts',
  ],
  eventually_due: NAMES,
  past_due: NAMES,
  pending_verification: NAMES,
};

function checkChange({
  capabilities = {},
  requirements = {},
  future_requirements: announced = {},
  ...rest
}: Json): void {
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new ControlError(`unknown field: ${unknown}`);
  checkFields('requirements', requirements, REQUIREMENTS);
  checkFields('future_requirements', announced, REQUIREMENTS);
  if (!isHash(capabilities) || !Object.values(capabilities).every((one) => STATUSES.includes(one))) {
    throw new ControlError(`capabilities must be an object of these: ${STATUSES.join(', ')}`);
  }
}

/** Stands in for what happens to an account outside the API: verification, a deadline, Stripe's own decision. */
function changeAccount(world: World, { id, body }: ControlRequest): Json {
  checkChange(body);
  const {
    capabilities,
    requirements,
    future_requirements: announced,
  } = body as {
    capabilities?: Record<string, CapabilityStatus>;
    requirements?: Partial<Requirements>;
    future_requirements?: Partial<Requirements>;
  };
  return world.transaction((ctx) => {
    const account = connectedAccount(ctx, id);
    const { forced } = account.sandbox;
    const changed = saveAccount(ctx, {
      ...account,
      sandbox: {
        ...account.sandbox,
        forced: {
          capabilities: { ...forced.capabilities, ...capabilities },
          requirements: { ...forced.requirements, ...requirements },
          future_requirements: { ...forced.future_requirements, ...announced },
        },
      },
    });
    return view(ctx, 'account', changed);
  });
}

function connectedAccount(ctx: Context, id: string): Account {
  const account = ctx.tx.get('account', id);
  if (!account) throw new ControlError(`no account ${id}`);
  return account;
}

const MAX_REQUIRED_FIELDS = 50;

/** Stripe asks for something more, by a deadline or, past due, at once. */
function requireFields(world: World, { id, body }: ControlRequest): Json {
  const { fields, deadline_seconds: within, past_due: overdue = false } = body;
  if (!Array.isArray(fields) || fields.length === 0 || fields.length > MAX_REQUIRED_FIELDS) {
    throw new ControlError(`fields must be a list of 1 to ${MAX_REQUIRED_FIELDS} names`);
  }
  if (!fields.every((field) => typeof field === 'string')) throw new ControlError('fields must be strings');
  const inTime = typeof within === 'number' && within > 0 && within <= MAX_DEADLINE_SECONDS;
  if (overdue !== true && !inTime) {
    throw new ControlError(
      `deadline_seconds must be a number from 1 to ${MAX_DEADLINE_SECONDS}, unless past_due is true`,
    );
  }
  return world.transaction((ctx) => {
    const account = connectedAccount(ctx, id);
    const deadline = overdue === true ? null : ctx.now + Number(within);
    const { sandbox } = account;
    const others = sandbox.required.filter(({ field }) => !fields.includes(field));
    const required = [...others, ...fields.map((field) => ({ field, deadline, answered: false }))];
    const stops = overdue === true && fields.some((field) => field !== 'external_account');
    const enabled = sandbox.enabled && !stops;
    const changed = saveAccount(ctx, { ...account, sandbox: { ...sandbox, required, enabled } });
    return view(ctx, 'account', changed);
  });
}

/** Stripe holds a part of an account's balance back for risk, or lets it go again. */
function reserve(world: World, { id, body }: ControlRequest): Json {
  const { amount, currency = 'usd' } = body;
  if (!Number.isSafeInteger(amount) || amount === 0) {
    throw new ControlError('amount must be an integer: what is held back, or, below zero, let go again');
  }
  if (typeof currency !== 'string' || !isCurrency(currency))
    throw new ControlError('currency must be one of Stripe’s');
  return world.transaction((ctx) => {
    const account = connectedAccount(ctx, id);
    const from = Number(amount) > 0 ? 'available' : 'reserved';
    if (balanceOf(ctx.tx, `${account.id}:${from}`, currency) < Math.abs(Number(amount))) {
      throw new ControlError(`${id} has less than that ${from}`);
    }
    holdBack(ctx, account.id, Number(amount), currency);
    return { reserved: balanceOf(ctx.tx, `${account.id}:reserved`, currency), currency };
  });
}

/** The bank sends a payout back, also one that had been paid. */
function failOnePayout(world: World, { id, body }: ControlRequest): Json {
  const code = body.failure_code ?? 'could_not_process';
  if (!isFailure(code)) throw new ControlError(`no failure code ${String(code)}`);
  return world.transaction((ctx) => {
    const payout = ctx.tx.get('payout', id);
    if (!payout) throw new ControlError(`no payout ${id}`);
    if (payout.status === 'failed' || payout.status === 'canceled') {
      throw new ControlError(`${id} is ${payout.status} already`);
    }
    const acting: Context = { ...ctx, account: payout.owner };
    return view(acting, 'payout', failPayout(acting, payout, code));
  });
}

/** Its bank has a number for a payout that was paid. */
function tracePayout(world: World, { id, body }: ControlRequest): Json {
  const { value } = body;
  if (typeof value !== 'string' || value === '') throw new ControlError('value must be the bank’s number');
  return world.transaction((ctx) => {
    const payout = ctx.tx.get('payout', id);
    if (payout?.status !== 'paid') throw new ControlError(`${id} is no payout that was paid`);
    const traced = ctx.tx.update('payout', id, { sandbox: { ...payout.sandbox, trace: value } });
    const acting: Context = { ...ctx, account: payout.owner };
    emit(acting, 'payout.updated', 'payout', traced, payout.owner);
    return view(acting, 'payout', traced);
  });
}

export const accountControls: Record<string, Handler> = {
  'POST /_sandbox/accounts/:id': changeAccount,
  'POST /_sandbox/accounts/:id/require': requireFields,
  'POST /_sandbox/accounts/:id/reserve': reserve,
  'POST /_sandbox/payouts/:id/fail': failOnePayout,
  'POST /_sandbox/payouts/:id/trace': tracePayout,
};
