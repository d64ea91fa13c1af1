import type { z } from 'zod';
import type { Role } from '../../domain/commands/role.ts';
import type { DayLimits } from '../../domain/limits/day-limits.ts';

/** An answer, before HTTP: what a handler gives back and the server sends. */
export interface Reply {
  readonly status: number;
  /** JSON; text where `contentType` is a text type; a `Readable` is sent as it comes. */
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly contentType?: string;
  /** What came of it, for the audit log, where the body does not say so. */
  readonly outcome?: Readonly<Record<string, unknown>>;
}

/** A request after authentication and validation. */
export interface ApiRequest<Params, Query, Headers, Body> {
  readonly requestId: string;
  /** Name of the API key. */
  readonly actor: string;
  /** What that key may move out in a day. */
  readonly perDay?: DayLimits | undefined;
  readonly params: Params;
  readonly query: Query;
  readonly headers: Headers;
  readonly body: Body;
  /** The JSON body as the caller sent it, without defaults: what makes two requests the same. */
  readonly given: unknown;
  /** The body as it came, where the endpoint asks for it; otherwise empty. */
  readonly rawBody: Buffer;
}

/** One documented answer; without `schema` it has no JSON body. */
export interface ResponseDoc {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly contentType?: string;
  /** The same as text, for those who ask for it. */
  readonly alsoAs?: string;
  /** It has a `Location`, as every 201 and 202 of what takes `Prefer` has. */
  readonly located?: true;
}

/**
 * One method on one path: who may call it, what it takes, what it gives. Routing, authorization, validation, metrics
 * and the OpenAPI document are all made from this.
 */
export interface Endpoint<
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Headers extends z.ZodObject = z.ZodObject,
  Body extends z.ZodObject = z.ZodObject,
> {
  readonly method: 'get' | 'post' | 'delete';
  /** Its operationId, and what generated clients call it: `orders.capture`. */
  readonly name: `${string}.${string}`;
  /** With parameters as OpenAPI writes them: `/v1/orders/{id}`. */
  readonly path: string;
  /** The lowest role that may call it; `open` asks for no key. */
  readonly role: Role | 'open';
  readonly tag:
    | 'Orders'
    | 'Transfers'
    | 'Accounts'
    | 'Customers'
    | 'Webhooks'
    | 'Reports'
    | 'Payouts'
    | 'Balances'
    | 'Events'
    | 'Service';
  readonly summary: string;
  /** Each request makes Stripe calls: it comes out of the caller's budget. */
  readonly readsStripe?: true;
  /** Each request begins something new: under load it gives way to commands of what exists. */
  readonly starts?: true;
  /** Absent parts take nothing: whatever comes there is refused. */
  readonly params?: Params;
  readonly query?: Query;
  readonly headers?: Headers;
  readonly body?: Body;
  /** Takes the body byte for byte, for a signature over it; up to so much (`512kb`). Excludes `body`. */
  readonly rawBodyMax?: string;
  readonly responses: Readonly<Record<number, ResponseDoc>>;
  handle(
    request: ApiRequest<z.output<Params>, z.output<Query>, z.output<Headers>, z.output<Body>>,
  ): Promise<Reply>;
}

/** Keeps a handler's types tied to its schemas, and forgets them for the table. */
export function endpoint<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Headers extends z.ZodObject,
  Body extends z.ZodObject,
>(definition: Endpoint<Params, Query, Headers, Body>): Endpoint {
  return definition as unknown as Endpoint;
}
