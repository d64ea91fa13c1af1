import type { Express, RequestHandler } from 'express';
import express from 'express';
import { z } from 'zod';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { authorize } from './authenticate.ts';
import { stateOf } from './context.ts';
import { decode } from './decode.ts';
import type { Endpoint } from './endpoint.ts';
import { jsonBody } from './json-body.ts';
import type { RequestBudget } from './request-budget.ts';
import { sendReply } from './send.ts';
import { headerText } from './strict-utf8.ts';

const NOTHING = z.strictObject({});

/** Gives every endpoint its route; another method on one of their paths is a 405. */
export function mount(app: Express, endpoints: readonly Endpoint[], stripeReads: RequestBudget): void {
  for (const path of new Set(endpoints.map((endpoint) => endpoint.path))) {
    const here = endpoints.filter((endpoint) => endpoint.path === path);
    const route = app.route(path.replaceAll(/\{(\w+)\}/g, ':$1'));
    route.all((_req, res, next) => {
      stateOf(res).route = path;
      next();
    });
    for (const endpoint of here) {
      const body = bodyOf(endpoint);
      route[endpoint.method](authorize(endpoint.role), ...body, serve(endpoint, stripeReads));
    }
    route.all(methodNotAllowed(here));
  }
}

/** A POST that takes no fields reads its body all the same: who sends some learns that they mean nothing. */
function bodyOf({ method, rawBodyMax: limit }: Endpoint): RequestHandler[] {
  // Whatever its type: what was signed are the bytes.
  if (limit !== undefined) return [express.raw({ limit, inflate: false, type: () => true })];
  return method === 'post' ? [jsonBody] : [];
}

/** Validates what came, and sends what the endpoint makes of it. */
function serve(endpoint: Endpoint, stripeReads: RequestBudget): RequestHandler {
  const { params = NOTHING, query = NOTHING, headers = NOTHING, body = NOTHING } = endpoint;
  const headerNames = Object.keys(headers.shape);
  return async (req, res) => {
    const { requestId, caller } = stateOf(res);
    if (endpoint.readsStripe) stripeReads.spend(caller?.name ?? 'anonymous');
    const named = Object.fromEntries(
      headerNames.map((name) => {
        const header = req.get(name);
        return [name, header === undefined ? undefined : headerText(header)];
      }),
    );
    const given: unknown = Buffer.isBuffer(req.body) ? {} : (req.body ?? {});
    await sendReply(
      res,
      await endpoint.handle({
        requestId,
        actor: caller?.name ?? 'anonymous',
        params: decode(params, req.params),
        query: decode(query, req.query),
        headers: decode(headers, named),
        body: decode(body, given),
        given,
        rawBody: Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0),
      }),
    );
  };
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
