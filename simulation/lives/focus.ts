import type { OrderTerms } from '../../domain/orders/order.ts';
import type { Rates } from '../world/chance.ts';
import type { OrderDeed, WorkDeedName, WorkKind } from './deeds.ts';
import type { RESOLUTIONS } from './resolutions.ts';

type Between = readonly [least: number, most: number];
/** From 0 to 1. */
type Probability = number;

/** What a life about one theme has in place of what a life about everything has. */
export interface Focus {
  /** The most of each kind of fault that it has, and it has no others. */
  readonly rates?: Rates;
  readonly orders?: Between;
  readonly captureMethods?: readonly OrderTerms['captureMethod'][];
  /** The first deed of an order that is captured by hand. */
  readonly begins?: readonly OrderDeed[];
  readonly deeds?: readonly OrderDeed[];
  /** Between two deeds. */
  readonly gapsMs?: readonly number[];
  readonly adopted?: Probability;
  readonly transfersBefore?: readonly number[];
  /** That an order's customer authenticates, or pays by debit. */
  readonly asksPayer?: Probability;
  readonly renews?: Probability;
  /** That somebody decides about every other deed. */
  readonly watched?: Probability;
  readonly decisions?: readonly (typeof RESOLUTIONS)[number][];
  /** No others: none. */
  readonly works?: Readonly<Partial<Record<WorkKind, Between>>>;
  /** Between two deeds about one of them. */
  readonly workGapsMs?: readonly number[];
  readonly workDeeds?: Readonly<Partial<Record<WorkKind, readonly WorkDeedName[]>>>;
  readonly connected?: Probability;
  /** That an account was made without Waybill, and is one that orders name. */
  readonly adoptedAccounts?: Probability;
  /** That an order's account is one that its owner connects. */
  readonly onConnected?: Probability;
  readonly approvals?: Probability;
  /** That a key, or an account, has daily limits; and the amounts of them. */
  readonly limited?: Probability;
  readonly limits?: readonly number[];
  readonly budgetsMs?: readonly number[];
  readonly eventsMax?: readonly number[];
  /** How long a captured order stays open without a movement. */
  readonly openMs?: readonly number[];
  /** Stripe goes now and then, from one of these on, since the beginning. */
  readonly outagesMs?: readonly number[];
  /** Who bears a lost dispute. */
  readonly lost?: readonly OrderTerms['onDisputeLost'][];
  /** How long a bank waits for evidence. */
  readonly decidesBySeconds?: readonly number[];
  /** Until the money of a refund that failed is back. */
  readonly returnsAfterSeconds?: readonly number[];
  readonly shortWindow?: Probability;
  /** Absent: yes. With a look before each creation the layers behind it, keys and later looks, would seldom matter. */
  readonly looksBeforeCreate?: boolean;
  readonly subscribed?: Probability;
}
