import { fieldsOf, text } from './event-fields.ts';

/**
 * Metadata of what Waybill makes at Stripe to have an event sent, and of nothing else: no order's, and nobody's money. Its value says
 * which test it is of.
 */
const MARK = 'waybill_webhook_test';

/** The events that a test has Stripe send. Both are among those that Waybill's endpoints take. */
export const TEST_EVENTS = { platform: 'payment_intent.canceled', connect: 'account.updated' } as const;

export type WebhookSide = keyof typeof TEST_EVENTS;

/** That an API process got a test event. */
export interface WebhookReceipt {
  readonly eventType: string;
  /** Whether one of the configured secrets signed it. */
  readonly isSigned: boolean;
}

export function testMetadata(mark: string): Record<string, string> {
  return { [MARK]: mark };
}

/** Stripe takes an empty value as an order to remove the key. */
export const NO_TEST_METADATA: Readonly<Record<string, string>> = testMetadata('');

/** The mark of a Stripe object; null: it is of no test. */
export function testMarkOf(object: unknown): string | null {
  return text(fieldsOf(fieldsOf(object).metadata)[MARK]);
}

/** An endpoint at Stripe that leads to Waybill. */
export interface WebhookEndpoint {
  readonly url: string;
  readonly isEnabled: boolean;
  /** `*`: all. */
  readonly eventTypes: readonly string[];
}

export function endpointsToTest(
  side: WebhookSide,
  endpoints: readonly WebhookEndpoint[],
): readonly WebhookEndpoint[] {
  return endpoints.filter(({ isEnabled, eventTypes }) => isEnabled && takes(eventTypes, TEST_EVENTS[side]));
}

/** What a test saw; null: it could not be made. */
export interface Seen {
  readonly receipts: readonly WebhookReceipt[];
  /** How many endpoints have not accepted the event, as Stripe counts; null: Stripe does not say. */
  readonly pending: number | null;
}

type State = 'ok' | 'warning' | 'wrong' | 'unknown';

export interface WebhookFinding {
  readonly state: State;
  readonly detail: string;
}

/** What is to be said of one side's endpoints. `waitSeconds`: how long the event was waited for. */
export function findingOfTest(
  side: WebhookSide,
  endpoints: readonly WebhookEndpoint[],
  seen: Seen | null,
  waitSeconds: number,
): WebhookFinding {
  const disabled = endpoints.filter(({ isEnabled }) => !isEnabled);
  const deaf = endpoints.filter(
    ({ isEnabled, eventTypes }) => isEnabled && !takes(eventTypes, TEST_EVENTS[side]),
  );
  const tested = endpointsToTest(side, endpoints);
  const findings = [
    ...(endpoints.length === 0 ? [NONE[side]] : []),
    ...(disabled.length > 0 ? [wrong(`disabled at Stripe: ${urlsOf(disabled)}`)] : []),
    ...(deaf.length > 0 ? [wrong(`not sent ${TEST_EVENTS[side]}: ${urlsOf(deaf)}; add it at Stripe`)] : []),
    ...(tested.length > 0 ? [findingOfTested(side, tested, seen, waitSeconds)] : []),
  ];
  const worst = findings.reduce<State>(
    (before, { state }) => (SEVERITY[state] > SEVERITY[before] ? state : before),
    'ok',
  );
  return { state: worst, detail: findings.map(({ detail }) => detail).join('; ') };
}

const SEVERITY: Readonly<Record<State, number>> = { ok: 0, unknown: 1, warning: 2, wrong: 3 };

const NONE: Readonly<Record<WebhookSide, WebhookFinding>> = {
  platform: {
    state: 'warning',
    detail: 'no endpoint at Stripe for your account leads here: orders learn of events up to a minute later',
  },
  connect: {
    state: 'warning',
    detail: 'no endpoint at Stripe for connected accounts leads here: changes there show up to minutes later',
  },
};

function findingOfTested(
  side: WebhookSide,
  tested: readonly WebhookEndpoint[],
  seen: Seen | null,
  waitSeconds: number,
): WebhookFinding {
  const urls = urlsOf(tested);
  if (seen === null) {
    return {
      state: 'unknown',
      detail: `${urls} was not tried: that takes a connected account, such as your own`,
    };
  }
  const right = seen.receipts.filter(({ isSigned }) => isSigned).length;
  const other = seen.receipts.length - right;
  const of = tested.length === 1 ? '' : `${right} of ${tested.length} times, `;
  const came = `${TEST_EVENTS[side]} came ${of}signed with a configured secret: ${urls}`;
  if (right >= tested.length) return { state: 'ok', detail: came };
  const trouble = other > 0 ? otherSecret(urls) : missing(side, urls, seen.pending, waitSeconds);
  return wrong(right > 0 ? `${came}; ${trouble}` : trouble);
}

function otherSecret(urls: string): string {
  return `an event came that no secret in STRIPE_WEBHOOK_SECRETS signed within five minutes: copy the signing secret of ${urls} from Stripe's Dashboard, or set the clock`;
}

function missing(side: WebhookSide, urls: string, pending: number | null, waitSeconds: number): string {
  const late = `${TEST_EVENTS[side]} did not come within ${waitSeconds} s`;
  return pending === 0
    ? `${late}, though Stripe has delivered it: does ${urls} lead to another installation?`
    : `${late}: can Stripe reach ${urls} (DNS, firewall, TLS, proxy)? The Dashboard shows each attempt`;
}

function takes(eventTypes: readonly string[], type: string): boolean {
  return eventTypes.some((name) => name === '*' || name === type);
}

function urlsOf(endpoints: readonly WebhookEndpoint[]): string {
  return endpoints.map(({ url }) => url).join(', ');
}

function wrong(detail: string): WebhookFinding {
  return { state: 'wrong', detail };
}
