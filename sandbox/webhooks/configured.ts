import type { Transaction } from '../core/transaction.ts';
import type { WebhookEndpoint } from '../objects/webhooks.ts';

export interface WebhookOptions {
  url: string;
  /** `whsec_…` of the endpoint for the platform's own events. */
  secret: string;
  /** `whsec_…` of the endpoint for events of connected accounts; without it there is no such endpoint. */
  connectSecret?: string;
  /** Types that the platform's endpoint gets; by default all. */
  events?: readonly string[];
  /** The same of the other one. */
  connectEvents?: readonly string[];
}

const ALL = ['*'];

const PLATFORM_ENDPOINT = 'we_1WaybillPlatformEndpoint';
const CONNECT_ENDPOINT = 'we_1WaybillConnectEndpoint0';

/** Makes the endpoints that the sandbox was started with what its options say, at every start. */
export function configureEndpoints(
  tx: Transaction,
  options: WebhookOptions | undefined,
  owner: string,
  now: number,
): void {
  const wanted = [
    { id: PLATFORM_ENDPOINT, secret: options?.secret, events: options?.events ?? ALL },
    { id: CONNECT_ENDPOINT, secret: options?.connectSecret, events: options?.connectEvents ?? ALL },
  ];
  for (const { id, secret, events } of wanted) {
    const before = tx.get('webhook_endpoint', id);
    if (secret === undefined || !options) {
      if (before) tx.delete('webhook_endpoint', id);
      continue;
    }
    const { url } = options;
    const isAsWanted = before?.url === url && before.secret === secret;
    if (isAsWanted && before.enabled_events.join() === events.join()) continue;
    tx.put('webhook_endpoint', {
      ...endpoint(id, owner, now),
      url,
      secret,
      enabled_events: [...events],
      created: before?.created ?? now,
    });
  }
}

function endpoint(id: string, owner: string, created: number): WebhookEndpoint {
  return {
    id,
    owner,
    api_version: null,
    connect: id === CONNECT_ENDPOINT,
    created,
    description: 'Given when the sandbox was started',
    enabled_events: ALL,
    metadata: {},
    secret: '',
    status: 'enabled',
    url: '',
    sandbox: { previousSecret: null, previousUntil: 0 },
  };
}
