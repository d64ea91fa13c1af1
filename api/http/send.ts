import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { stateOf } from './context.ts';
import type { Reply } from './endpoint.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes a reply; a text body stays as it is. */
export function send(res: Response, reply: Reply): void {
  const { body } = reply;
  start(res, reply).send(typeof body === 'string' ? body : JSON.stringify(body));
}

/**
 * The same for a body that may be a stream. Breaks the connection off if the stream fails, so that nobody takes a part for
 * the whole; and then throws.
 */
export async function sendReply(res: Response, reply: Reply): Promise<void> {
  if (!(reply.body instanceof Readable)) {
    send(res, reply);
    return;
  }
  await pipeline(reply.body, start(res, reply));
}

function start(res: Response, { status, headers, body, contentType = JSON_TYPE, outcome }: Reply): Response {
  const state = stateOf(res);
  state.outcome = outcomeOf(outcome ?? body);
  res.status(status).set({ ...headers, 'Content-Type': contentType, 'Cache-Control': 'no-store' });
  state.whenAnswered?.();
  state.whenAnswered = null;
  return res;
}

/** Of an object, or of a problem. */
const LOGGED = [
  ...['object', 'id', 'status', 'code', 'amount_captured', 'amount_refunded'],
  // Of an account that was connected.
  ...['account', 'reference'],
] as const;

function outcomeOf(body: unknown): Readonly<Record<string, unknown>> {
  const shown: Readonly<Record<string, unknown>> = Object(body);
  return Object.fromEntries(LOGGED.flatMap((name) => (name in shown ? [[name, shown[name]]] : [])));
}
