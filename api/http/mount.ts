import type { Express, Request, RequestHandler } from 'express';
import express from 'express';
import { z } from 'zod';
import type { KeyScope } from '../../domain/commands/key-scope.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { hasCardNumber } from '../../domain/texts/card-numbers.ts';
import type { LogFacts } from '../../telemetry/log-facts.ts';
import { noteLogFacts } from '../../telemetry/log-facts.ts';
import type { Admission } from './admission.ts';
import { loadOf } from './admission.ts';
import { requireRole } from './authenticate.ts';
import { stateOf } from './context.ts';
import { decode } from './decode.ts';
import type { ApiRequest, Endpoint } from './endpoint.ts';
import { jsonBody } from './json-body.ts';
import { withObjects } from './query-objects.ts';
import type { RequestBudget } from './request-budget.ts';
import { sendReply } from './send.ts';
import { headerText } from './strict-utf8.ts';

const NOTHING = z.strictObject({});

/** What a request has to pass. */
interface Gates {
  readonly stripeReads: RequestBudget;
  readonly admission: Admission;
  /** Throws what is beyond the caller's scope; gives back the body to go on with. */
  confine(scope: KeyScope, endpoint: Endpoint, asked: Validated): Promise<Validated['body']>;
}

/** What the schemas of an endpoint let through. */
type Validated = Pick<
  ApiRequest<Fields, Fields, Fields, Fields>,
  'actor' | 'params' | 'query' | 'headers' | 'body'
>;
type Fields = Readonly<Record<string, unknown>>;

/** One path and all that is offered there. */
interface Path {
  readonly path: string;
  readonly here: readonly Endpoint[];
}

/** Gives every endpoint its route; another method on one of their paths is a 405. */
export function mount(app: Express, endpoints: readonly Endpoint[], gates: Gates): void {
  const paths = [...new Set(endpoints.map(({ path }) => path))]
    .map((path): Path => ({ path, here: endpoints.filter((endpoint) => endpoint.path === path) }))
    // A word in a path comes before the parameter in its place.
    .sort((a, b) => Number(a.path.endsWith('}')) - Number(b.path.endsWith('}')));
  for (const { path, here } of paths) {
    const route = app.route(patternOf(path));
    route.all((_req, res, next) => {
      stateOf(res).route = path;
      next();
    });
    for (const endpoint of here) {
      const body = bodyOf(endpoint);
      route[endpoint.method](requireRole(endpoint.role), ...body, serve(endpoint, gates));
    }
    if (!path.endsWith('}') && !paths.some((other) => takesAsValue(other, path))) {
      route.all(methodNotAllowed(here));
    }
  }
  for (const { path, here } of paths) app.route(patternOf(path)).all(methodNotAllowed(here));
}

function patternOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

/** `/v1/transfers/preview` is also a transfer with that id, which takes another method. */
function takesAsValue({ path, here }: Path, literal: string): boolean {
  const [, stem, name = ''] = /^(.*)\/\{(\w+)\}$/.exec(path) ?? [];
  if (stem === undefined || !literal.startsWith(`${stem}/`)) return false;
  const value = literal.slice(stem.length + 1);
  return here.some(({ params }) => {
    const shape: Readonly<Record<string, z.ZodType>> = params?.shape ?? {};
    return shape[name]?.safeParse(value).success ?? false;
  });
}

/** A POST that takes no fields reads its body all the same: who sends some learns that they mean nothing. */
function bodyOf({ method, rawBodyMax: limit }: Endpoint): RequestHandler[] {
  // Whatever its type: what was signed are the bytes.
  if (limit !== undefined) return [express.raw({ limit, inflate: false, type: () => true })];
  return method === 'post' ? [jsonBody] : [];
}

/** Validates what came, and sends what the endpoint makes of it. */
function serve(endpoint: Endpoint, { stripeReads, admission, confine }: Gates): RequestHandler {
  const { params = NOTHING, query = NOTHING, headers = NOTHING, body = NOTHING } = endpoint;
  const headerNames = Object.keys(headers.shape);
  const load = loadOf(endpoint);
  return async (req, res) => {
    const state = stateOf(res);
    const { requestId, caller } = state;
    state.isServed = true;
    if (endpoint.readsStripe) stripeReads.spend(caller?.name ?? 'anonymous');
    const named = Object.fromEntries(
      headerNames.map((name) => {
        const header = req.get(name);
        return [name, header === undefined ? undefined : headerText(header)];
      }),
    );
    const given: unknown = Buffer.isBuffer(req.body) ? {} : (req.body ?? {});
    noteLogFacts(factsOfPath(endpoint, req.params));
    const request = {
      requestId,
      actor: caller?.name ?? 'anonymous',
      perDay: caller?.scope.per_day,
      params: decode(params, req.params),
      query: decode(query, withObjects(query, req.query)),
      headers: decode(headers, named),
      body: decode(body, given),
      given,
      rawBody: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
    };
    const reply = await admission.run(load, accountOf(request), async () => {
      const scoped = await confine(caller?.scope ?? {}, endpoint, request);
      return endpoint.handle({ ...request, body: scoped });
    });
    noteLogFacts(factsOfBody(reply.body));
    await sendReply(res, reply);
  };
}

/**
 * Whose orders, transfers or payouts a start is one of, as its caller names it. A payout has its account in its path; an adoption
 * names none, and counts as its own.
 */
function accountOf({ params, body }: Pick<Validated, 'params' | 'body'>): string | null {
  const named = [params.id, body.connected_account, body.destination];
  return named.find((account) => typeof account === 'string') ?? null;
}

function methodNotAllowed(endpoints: readonly Endpoint[]): RequestHandler {
  const methods = endpoints.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  );
  const allow = [...new Set(methods)].join(', ');
  return (req) => {
    throw new ProblemError(
      problem('method_not_allowed', `${req.method} is not allowed here. Allowed: ${allow}.`),
      {
        Allow: allow,
      },
    );
  };
}

/** Characters; no id is longer, whoever made it. */
const ID_MAX = 255;

/** What a path is about: `order_id` of `/v1/orders/{id}/capture`. */
function factsOfPath({ path }: Endpoint, { id }: Request['params']): LogFacts {
  const [, noun] = /^\/v1\/(order|transfer|account|payout)s\/\{id\}/.exec(path) ?? [];
  const isId = typeof id === 'string' && id.length <= ID_MAX && !hasCardNumber(id);
  return noun === undefined || !isId ? {} : { [`${noun}_id`]: id };
}

/** What an answer is about: also what was created. */
function factsOfBody(body: unknown): LogFacts {
  if (typeof body !== 'object' || body === null || !('object' in body) || !('id' in body)) return {};
  const isOurs = ['order', 'transfer', 'payout'].includes(String(body.object));
  return isOurs ? { [`${body.object}_id`]: body.id } : {};
}
