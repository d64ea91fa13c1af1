import { Webhook } from 'standardwebhooks';
import type { Webhooks } from './generated/types.gen.ts';

/** What Waybill posts to a subscriber. */
export type WaybillEvent = Webhooks['body'] & {
  /** The `webhook-id`: the same whenever this event is sent again. */
  readonly id: string;
};

type ReceivedHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * The event in a request that Waybill sent; throws what the request's sender may be answered 400 for.
 *
 * @param secret of the subscription (`whsec_…`)
 * @param body as it came, byte for byte
 */
export function verifyEvent(
  secret: string,
  body: string | Uint8Array,
  headers: ReceivedHeaders,
): WaybillEvent {
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const signed = Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headerOf(headers, name)]),
  );
  const event = new Webhook(secret).verify(text, signed) as Webhooks['body'];
  return { ...event, id: signed['webhook-id'] ?? '' };
}

/** Node writes names in lower case; gateways and functions in the cloud write them as they like. */
function headerOf(headers: ReceivedHeaders, name: string): string {
  if (isHeaders(headers)) return headers.get(name) ?? '';
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return String(value ?? '');
}

/** Also those of another realm or library. */
function isHeaders(headers: ReceivedHeaders): headers is Headers {
  return typeof headers.get === 'function';
}
