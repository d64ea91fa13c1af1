import type { OrderPolicy } from '../../contract/orders.ts';
import type { DayLimit, DayLimits } from '../../domain/limits/day-limits.ts';
import { MONEY_OUT } from '../../domain/limits/day-limits.ts';
import type { OrderTerms } from '../../domain/orders/order.ts';
import type { Adjustable } from '../../sandbox/core/settings.ts';
import { SEEDED_ACCOUNTS } from '../../sandbox/seed.ts';
import type { Chance } from '../world/chance.ts';
import type { Outage } from '../world/network.ts';
import type { OrderDeed } from './deeds.ts';
import { ORDER_DEEDS, PAYER_DEEDS } from './deeds.ts';
import type { Focus } from './focus.ts';
import { firstMethod } from './pay-methods.ts';
import { stripeOf } from './plan-stripe.ts';
import type { PlannedWork } from './plan-work.ts';
import { worksOf } from './plan-work.ts';
import { RESOLUTIONS } from './resolutions.ts';
import { BEGIN_MS, DAY_MS, GAPS_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from './times.ts';

export interface Deed {
  readonly name: OrderDeed;
  /** Milliseconds since the beginning. */
  readonly at: number;
  /** How much, and which of several: minor units. */
  readonly amount: number;
}

export interface PlannedOrder {
  readonly id: string;
  /** Its payment was made without Waybill, which takes it over so much later, after so many transfers out of it; null: it was not. */
  readonly adopted: { readonly afterMs: number; readonly transfers: number } | null;
  readonly at: number;
  readonly terms: OrderTerms;
  /** The planned account whose owner connects it, in place of the one in the terms; null: none. */
  readonly connects: string | null;
  readonly deeds: readonly Deed[];
  /** The deeds' numbers: where some are left out, the others keep theirs. */
  readonly numbers: readonly number[];
}

/** What each API key, and each connected account, may move out in a day. */
export interface PlannedDayLimits {
  readonly key: DayLimits;
  readonly account: DayLimits;
}

/** Everything that a seed decides before it begins. */
export interface Plan {
  readonly workers: number;
  /** Whether workers look for what an earlier request made before they create anything. */
  readonly looksBeforeCreate: boolean;
  readonly eventsMax: number;
  readonly policy: OrderPolicy;
  readonly dayLimits: PlannedDayLimits;
  /** Whether somebody subscribes to events. */
  readonly isSubscribed: boolean;
  readonly orders: readonly PlannedOrder[];
  readonly works: readonly PlannedWork[];
  readonly outages: readonly Outage[];
  /** What Stripe does by itself, and allows. */
  readonly stripe: Partial<Adjustable>;
}

/** Most accounts are connected by then. */
const CONNECTED_WITHIN_MS = 10 * SECOND_MS;
const ORDERS = [1, 3] as const;
const DEEDS_MAX = 7;
const ACCOUNTS = [SEEDED_ACCOUNTS.usCustom, SEEDED_ACCOUNTS.usExpress, SEEDED_ACCOUNTS.deCustom];
const CARDS = [
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_visa',
  'pm_card_mastercard',
  'pm_card_chargeDeclined',
];
const CAPTURE_METHODS = ['manual', 'manual', 'automatic', 'automatic_async'] as const;
const BUDGETS_MS = [10 * SECOND_MS, 10 * SECOND_MS, MINUTE_MS, 36 * HOUR_MS];
/** Of those that a key or an account may have, minor units. */
const LIMITS = [200, 400, 600];
const SPLITS = [
  { applicationFeeAmount: null, transferAmount: null },
  { applicationFeeAmount: 123, transferAmount: null },
  { applicationFeeAmount: null, transferAmount: 600 },
] as const;

/** `focus`: what a life about one theme has more of. */
export function planOf(chance: Chance, focus: Focus): Plan {
  const works = worksOf(chance, focus);
  return {
    works,
    dayLimits: { key: dayLimitsOf(chance, focus, 'key'), account: dayLimitsOf(chance, focus, 'account') },
    isSubscribed: chance.of('subscribed') < (focus.subscribed ?? 0.1),
    workers: chance.between('workers', 1, 3),
    looksBeforeCreate: focus.looksBeforeCreate ?? true,
    eventsMax: chance.pick('events', focus.eventsMax ?? [60, 150, 4_096]),
    policy: {
      retryBudgetMs: chance.pick('budget', focus.budgetsMs ?? BUDGETS_MS),
      openMs: chance.pick('open', focus.openMs ?? [2 * DAY_MS]),
      abandonAfterMs: DAY_MS,
      captureWarningMs: DAY_MS,
      reauthorizeBeforeMs: 1.5 * DAY_MS,
      reauthorizeForMs: 20 * DAY_MS,
      metadataKey: '',
      ...(chance.of('approvals') < (focus.approvals ?? 0.3)
        ? {
            approval: {
              above: { usd: chance.pick('approved above', [150, 300]) },
              withinMs: chance.pick('approved within', [MINUTE_MS, HOUR_MS, DAY_MS]),
            },
          }
        : {}),
    },
    orders: Array.from({ length: chance.between('orders', ...(focus.orders ?? ORDERS)) }, (_, n) =>
      orderOf(chance, focus, n, works),
    ),
    stripe: stripeOf(chance, focus),
    outages: outagesOf(chance, focus),
  };
}

/** In three of ten seeds keys have some, and in three of ten accounts. */
function dayLimitsOf(chance: Chance, focus: Focus, whose: 'key' | 'account'): DayLimits {
  if (chance.of(`limits of a ${whose}`) >= (focus.limited ?? 0.3)) return {};
  const limited = MONEY_OUT.filter((what) => chance.of(`${what}s limited by ${whose}`) < 0.6);
  return Object.fromEntries(
    limited.map((what) => [what, dayLimitOf(chance, focus, `${what}s a day by ${whose}`)]),
  );
}

function dayLimitOf(chance: Chance, focus: Focus, lot: string): DayLimit {
  const max = { usd: chance.pick(`${lot} amount`, focus.limits ?? LIMITS) };
  const count = chance.pick(`${lot} count`, [1, 2, 3]);
  return chance.pick(lot, [{ max }, { max }, { count }, { max, count }]);
}

function outagesOf(chance: Chance, { outagesMs }: Focus): Outage[] {
  if (!outagesMs) return chance.of('outage') < 0.3 ? [outageOf(chance)] : [];
  return outagesMs.flatMap((ms, n): Outage[] => {
    if (chance.of(`outage ${n}`) < 0.5) return [];
    const from = BEGIN_MS + ms;
    return [{ from, until: from + chance.pick(`outage ${n} lasts`, [20 * MINUTE_MS, 2 * HOUR_MS]) }];
  });
}

function outageOf(chance: Chance): Outage {
  const from = BEGIN_MS + chance.pick('outage from', [200, SECOND_MS, 10 * SECOND_MS, MINUTE_MS]);
  const lasts = chance.pick('outage lasts', [5 * SECOND_MS, 20 * SECOND_MS, 3 * MINUTE_MS, 20 * MINUTE_MS]);
  return { from, until: from + lasts };
}

function orderOf(chance: Chance, focus: Focus, n: number, works: readonly PlannedWork[]): PlannedOrder {
  const id = `order-${n}`;
  const lot = (what: string) => `${id} ${what}`;
  const captureMethod = chance.pick(lot('captures'), focus.captureMethods ?? CAPTURE_METHODS);
  const reauthorizes = captureMethod === 'manual' && chance.of(lot('renews')) < (focus.renews ?? 0.2);
  const asksPayer = !reauthorizes && chance.of(lot('asks its payer')) < (focus.asksPayer ?? 0);
  const connected = works.filter(({ openedBeforeMs }) => openedBeforeMs !== null);
  const isOnConnected = connected.length > 0 && chance.of(lot('on connected')) < (focus.onConnected ?? 0);
  const at = chance.between(lot('at'), 0, 2_000) + (isOnConnected ? CONNECTED_WITHIN_MS : 0);
  const gaps = focus.gapsMs ?? (chance.of(lot('patience')) < 0.5 ? GAPS_MS.slice(0, 4) : GAPS_MS);
  let time = at + (reauthorizes ? 25 * HOUR_MS : chance.pick(lot('first'), [0, 2_000]));
  const isWatched = chance.of(lot('watched')) < (focus.watched ?? 0.3);
  const deeds = Array.from({ length: chance.between(lot('deeds'), 1, DEEDS_MAX) }, (_, number): Deed => {
    // Whoever watches decides soon about what is stuck.
    const decides = isWatched && number % 2 === 1;
    time += decides ? 20 * SECOND_MS : chance.pick(lot(`gap ${number}`), gaps);
    return {
      name: decides
        ? 'resolve'
        : nameOf(chance, focus, lot(`deed ${number}`), asksPayer, number === 0 && captureMethod === 'manual'),
      at: time,
      amount:
        decides && focus.decisions
          ? RESOLUTIONS.indexOf(chance.pick(lot(`decision ${number}`), focus.decisions))
          : chance.between(lot(`amount ${number}`), 1, 400),
    };
  });
  return {
    id,
    connects: isOnConnected ? chance.pick(lot('whose'), connected).id : null,
    adopted:
      !reauthorizes && chance.of(lot('adopted')) < (focus.adopted ?? 0.2)
        ? adoptedOf(chance, focus, id)
        : null,
    at,
    deeds,
    numbers: deeds.map((_, number) => number),
    terms: {
      id,
      amount: 1_000,
      currency: 'usd',
      source: {
        customer: null,
        method: {
          type: 'payment_method',
          id: asksPayer
            ? firstMethod(chance, lot('method'), captureMethod === 'manual')
            : chance.pick(lot('card'), CARDS),
        },
      },
      connectedAccount: chance.pick(lot('account'), ACCOUNTS),
      ...chance.pick(lot('split'), SPLITS),
      onBehalfOf: chance.of(lot('merchant')) < 0.2,
      captureMethod,
      onCaptureExpiry: reauthorizes ? 'reauthorize' : 'cancel',
      onDisputeLost: chance.pick(lot('lost'), focus.lost ?? ['bear', 'recover']),
      requestMulticapture: chance.of(lot('parts')) < 0.3,
      requestIncrementalAuthorization: chance.of(lot('more')) < 0.3,
      offSession: false,
      returnUrl: null,
      statementDescriptorSuffix: null,
      description: null,
      metadata: {},
      settlementMerchant: null,
    },
  };
}

/** Some are taken over while Stripe still settles them. */
function adoptedOf(chance: Chance, { transfersBefore = [0, 0, 1, 2] }: Focus, id: string) {
  return {
    afterMs: chance.pick(`${id} adopted after`, [
      0,
      SECOND_MS,
      2.5 * SECOND_MS,
      3 * SECOND_MS,
      5 * MINUTE_MS,
    ]),
    transfers: chance.pick(`${id} transfers before`, transfersBefore),
  };
}

/** Most authorizations are captured. */
const BEGINS = ['capture', 'capture', 'capture_part', 'capture_some', 'cancel', 'increment'] as const;

function nameOf(
  chance: Chance,
  { begins = BEGINS, deeds }: Focus,
  lot: string,
  asksPayer: boolean,
  isFirst: boolean,
): OrderDeed {
  if (asksPayer && !deeds && chance.of(`${lot} of its payer`) < 0.6) return chance.pick(lot, PAYER_DEEDS);
  return chance.pick(lot, isFirst ? begins : (deeds ?? ORDER_DEEDS));
}
