import type { Client } from '@temporalio/client';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Request, RequestHandler, Router } from 'express';
import express from 'express';
import { z } from 'zod';
import { refusalOfAccounts } from '../../domain/commands/key-scope.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { bearerSecretOf, requireRole } from '../http/authenticate.ts';
import { type Caller, stateOf } from '../http/context.ts';
import { decode } from '../http/decode.ts';
import type { KeyRing } from '../http/key-ring.ts';
import { limitRate } from '../http/rate-limit.ts';
import type { Sessions } from '../http/sessions.ts';

interface Deps {
  readonly temporal: Client;
  readonly keys: KeyRing;
  readonly sessions: Sessions;
  readonly limits: Parameters<typeof limitRate>[0];
  /** Temporal's UI, whose pages may ask with the console's session; null: none may. */
  readonly temporalUi: string | null;
}

/** A page of a history: Temporal's own limit on an answer is 4 MB. */
const BODY_MAX = '8mb';
const PREFLIGHT_VALID_SECONDS = '600';
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** Payloads as Temporal's protocol writes them in JSON: bytes in Base64. */
const body = z.object({
  payloads: z.array(
    z.object({ metadata: z.record(z.string(), z.base64()).default({}), data: z.base64().default('') }),
  ),
});

/**
 * A codec server, by Temporal's protocol (https://docs.temporal.io/codec-server): it decrypts payloads for Temporal's UI and CLI, and
 * encrypts what is typed there. The CLI comes with an API key. The UI comes with the session of the console, from its own origin only.
 * `read` may decode, since it may read all of this from the API; only `ops` may encode.
 */
export function createCodecServer(deps: Deps): Router {
  const codecs = deps.temporal.options.loadedDataConverter.payloadCodecs;
  const json = express.json({ limit: BODY_MAX, inflate: false });
  const router = express.Router();
  const origin = deps.temporalUi && new URL(deps.temporalUi).origin;
  router.use(allowOrigin(origin), identify(deps, origin), limitRate(deps.limits), refuseConfined);
  router.post(['/decode', '/:namespace/decode'], requireRole('read'), json, answerWith(codecs, 'decode'));
  router.post(['/encode', '/:namespace/encode'], requireRole('ops'), json, answerWith(codecs, 'encode'));
  return router;
}

/** `origin`: of Temporal's UI. */
function allowOrigin(origin: string | null): RequestHandler {
  return (req, res, next) => {
    res.vary('Origin');
    if (!isFrom(req, origin)) return next();
    res.set({
      'Access-Control-Allow-Origin': req.get('Origin'),
      'Access-Control-Allow-Credentials': 'true',
      'Access-Control-Allow-Headers': 'Authorization, Content-Type, X-Namespace',
      'Access-Control-Max-Age': PREFLIGHT_VALID_SECONDS,
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (req.method === 'OPTIONS') res.sendStatus(204);
    else next();
  };
}

function identify(deps: Deps, origin: string | null): RequestHandler {
  return (req, res, next) => {
    stateOf(res).caller = callerOf(req, deps, origin);
    next();
  };
}

/** A payload may be any account's. */
const refuseConfined: RequestHandler = (_req, res, next) => {
  const refusal = refusalOfAccounts(stateOf(res).caller?.scope ?? {}, null);
  if (refusal) throw new ProblemError(refusal);
  next();
};

/** A session needs no CSRF token here: nothing changes, and a browser shows the answer to that origin alone. */
function callerOf(req: Request, { keys, sessions }: Deps, origin: string | null): Caller | null {
  const secret = bearerSecretOf(req);
  if (secret !== undefined) return keys.find(secret);
  return isFrom(req, origin) ? sessions.of(req, Date.now()) : null;
}

function isFrom(req: Request, origin: string | null): boolean {
  return origin !== null && req.get('Origin') === origin;
}

function answerWith(codecs: readonly PayloadCodec[], direction: 'encode' | 'decode'): RequestHandler {
  return async (req, res) => {
    let payloads: Payload[] = decode(body, req.body ?? {}).payloads.map((one) =>
      PayloadMessage.fromObject(one),
    );
    for (const codec of codecs) payloads = await tried(() => codec[direction](payloads));
    const written = payloads.map((one) =>
      PayloadMessage.toObject(PayloadMessage.fromObject(one), { bytes: String }),
    );
    res.set('Cache-Control', 'no-store').json({ payloads: written });
  };
}

/** What cannot be decrypted is the caller's mistake: another key, or a payload that somebody changed. */
async function tried(run: () => Promise<Payload[]>): Promise<Payload[]> {
  try {
    return await run();
  } catch (error) {
    throw new ProblemError(
      problem('invalid_request', error instanceof Error ? error.message : String(error)),
    );
  }
}
