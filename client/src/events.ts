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

function headerOf(headers: ReceivedHeaders, name: string): string {
  const value = headers instanceof Headers ? headers.get(name) : headers[name];
  return String(value ?? '');
}
