/**
 * Requests about orders from callers with a Temporal client and no API key: the workflows `startOrder`, `commandOrder` and `readOrder`. Each is short,
 * and its answer the API's own: the worker checks the request and finds the account, the settlement merchant and the policy.
 */

/** The body of `POST /v1/orders`, and who sends it. */
export interface StartOrderRequest {
  /** Makes a repeat harmless: the same id and body get the first answer. */
  readonly request_id: string;
  /** A service or a person, for the timeline. */
  readonly actor: string;
  readonly [field: string]: unknown;
}

/** The fields of a command to an order, which command it is, and who sends it. */
export interface CommandOrderRequest extends StartOrderRequest {
  readonly id: string;
  readonly command: string;
}

export interface ReadOrderRequest {
  readonly id: string;
}

/** Type of the failure of a request that was refused; its detail is the API's problem. */
export const REQUEST_REFUSED = 'RequestRefused';

/** What the worker does for these requests. Answers are the API's resource. */
export interface OrderRequestActivities {
  startOrder(request: StartOrderRequest): Promise<object>;
  commandOrder(request: CommandOrderRequest): Promise<object>;
  readOrder(request: ReadOrderRequest): Promise<object>;
}
