import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { hasCardNumber } from '../../domain/texts/card-numbers.ts';
import type { AuditLog } from './audit-log.ts';
import { stateOf } from './context.ts';
import { WEBHOOK_PATH } from './rate-limit.ts';
import { shownPath } from './shown-path.ts';

const READS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** What of a body says how much, to whom and why: nothing that is secret or personal. */
const LOGGED = [
  ...['id', 'amount', 'currency', 'action', 'reason', 'stripe_id', 'destination', 'connected_account'],
  ...['payment_intent', 'reverse_transfer', 'refund_application_fee', 'transfer', 'dispute', 'submit'],
  ...['application_fee_amount', 'transfer_amount', 'customer', 'interval', 'subscription'],
] as const;

/** What of a query says of what, and of which time, a table is. */
const LOGGED_OF_EXPORTS = [
  ...['connected_account', 'currency', 'customer', 'date', 'payout', 'status', 'format'],
  ...['created[gt]', 'created[gte]', 'created[lt]', 'created[lte]'],
] as const;

/** Writes down every request that may change something, those that were refused too, and every export; one line each, once it is over. */
export function auditRequests(log: AuditLog): RequestHandler {
  return (req, res, next) => {
    const path = shownPath(req);
    const write = (status: number | null) => {
      if (isAudited(req, res, path)) log.write(lineOf(req, res, path, status));
    };
    const { server } = req.socket as Socket & { readonly server?: Server };
    res.on('close', () => {
      const state = stateOf(res);
      const isStopping = server?.listening === false;
      if (res.headersSent) write(res.statusCode);
      // Its caller has gone, and it is carried out all the same: what comes of it is not known yet.
      else if (state.isServed && !isStopping) state.whenAnswered = () => write(res.statusCode);
      else write(null);
    });
    next();
  };
}

const TOO_MANY = 429;

/** A browser is sent there, so that it is a GET, and connects an account all the same. */
const CHANGES_BY_GET: ReadonlySet<string> = new Set(['/v1/oauth/callback']);

/** Stripe's events have a signature for an actor, and are in the timelines. What is beyond a limit of requests could fill the disk. */
function isAudited({ method }: Request, res: Response, path: string): boolean {
  if (path === WEBHOOK_PATH || method === 'OPTIONS') return false;
  if (res.statusCode === TOO_MANY && !stateOf(res).isServed) return false;
  return isExport(res) || CHANGES_BY_GET.has(path) || !READS.has(method);
}

function isExport(res: Response): boolean {
  return String(res.getHeader('Content-Type') ?? '').startsWith('text/csv');
}

/** `status`: null where its caller went before it was whole, or the process stops before it has ended. */
function lineOf(
  req: Request,
  res: Response,
  path: string,
  status: number | null,
): Readonly<Record<string, unknown>> {
  const { caller, facts, outcome } = stateOf(res);
  return {
    type: 'request',
    actor: caller?.name ?? 'anonymous',
    role: caller?.role ?? null,
    by: caller === null ? null : byOf(req),
    key_id: caller?.keyId ?? null,
    from: req.ip ?? null,
    method: req.method,
    path,
    asked: caller === null ? {} : askedFor(req, res),
    ...facts,
    status,
    // A table is sent while it is read, after its status.
    outcome: isExport(res) ? { ...outcome, complete: res.writableFinished } : outcome,
  };
}

function byOf(req: Request): 'key' | 'session' {
  return req.get('Authorization') === undefined ? 'session' : 'key';
}

/** Of a body that was refused, too: whatever it is. */
function askedFor({ body, query }: Request, res: Response): Readonly<Record<string, unknown>> {
  const given: Readonly<Record<string, unknown>> = Object(body);
  return {
    ...loggedFieldsOf(given, LOGGED),
    ...receiverIn(given),
    ...(isExport(res) ? loggedFieldsOf(query, LOGGED_OF_EXPORTS) : {}),
  };
}

function loggedFieldsOf(
  given: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const shownFields = names.flatMap((name) => {
    const value = given[name];
    return ['string', 'number', 'boolean'].includes(typeof value) ? [[name, shown(value)]] : [];
  });
  return Object.fromEntries(shownFields);
}

/** Where events are to go: of its address nothing that may be a token. */
function receiverIn({ url }: Readonly<Record<string, unknown>>): { readonly url?: unknown } {
  return typeof url === 'string' && URL.canParse(url) ? { url: shown(new URL(url).origin) } : {};
}

/** As long as a reason may be, in characters of two units. */
const TEXT_MAX = 1_000;

function shown(value: unknown): unknown {
  const text = String(value);
  if (hasCardNumber(text)) return '(a card number)';
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX)}…` : value;
}
