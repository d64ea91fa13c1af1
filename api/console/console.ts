import type { CookieOptions, Request, RequestHandler, Router } from 'express';
import express from 'express';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { stateOf } from '../http/context.ts';
import type { ApiDeps } from '../http/deps.ts';
import { jsonBodyUpTo } from '../http/json-body.ts';
import { limitSignIn } from '../http/rate-limit.ts';
import type { Session, Sessions } from '../http/sessions.ts';
import { CSRF_HEADER, SESSION_COOKIE, SESSION_VALID_MS } from '../http/sessions.ts';
import { isSame } from '../http/signed-text.ts';
import { readAssets } from './assets.ts';
import { Changes } from './changes.ts';
import { LivePages } from './live.ts';
import { createPage } from './page.ts';

const SIGN_INS_PER_MINUTE = 10;
/** A key and nothing else, from somebody who has not shown one yet: as long as headers may be, where it comes otherwise. */
const SIGN_IN_BODY_MAX = '16kb';
const FOR_GOOD = 'public, max-age=31536000, immutable';

type Deps = Pick<ApiDeps, 'temporal' | 'livemode' | 'links' | 'logger'>;

/**
 * The operators' console: its pages, and the session that they call the API with. What they show and do is the API's, under
 * the same roles; nothing is authorized here.
 */
export function createConsole(deps: Deps, sessions: Sessions): Router {
  const assets = readAssets();
  const page = createPage(assets);
  const live = new LivePages(new Changes(deps.temporal, deps.logger));
  const router = express.Router();

  router.use((_req, res, next) => {
    stateOf(res).route = '/console';
    next();
  });
  router.get('/assets/:version/*path', (req, res, next) => {
    const { path } = req.params;
    const asset = assets.files.get(path.join('/'));
    if (!asset || req.params.version !== assets.version) return next();
    res.set({ 'Cache-Control': FOR_GOOD, 'Content-Type': asset.type }).send(asset.content);
  });
  router.post(
    '/session',
    limitSignIn(SIGN_INS_PER_MINUTE),
    jsonBodyUpTo(SIGN_IN_BODY_MAX),
    signIn(deps, sessions),
  );
  router.get('/session', (req, res) => {
    res.set('Cache-Control', 'no-store').json(shownSession(deps, sessionOf(sessions, req)));
  });
  router.delete('/session', (req, res) => {
    const session = sessionOf(sessions, req);
    const { csrfToken } = session;
    stateOf(res).caller = session;
    if (!isSame(req.get(CSRF_HEADER) ?? '', csrfToken)) throw new ProblemError(NOT_FROM_THE_CONSOLE);
    res.clearCookie(SESSION_COOKIE, cookieOptions(req)).sendStatus(204);
  });
  router.get('/live', (req, res) => {
    const { name } = sessionOf(sessions, req);
    const isSignedIn = () => sessions.of(req, Date.now()) !== null;
    live.stream({ name, isSignedIn }, req, res);
  });
  router.get('/{*page}', (req, res, next) => {
    if (req.path.startsWith('/assets/')) return next();
    res
      .set({ 'Content-Security-Policy': page.contentSecurityPolicy, 'Cache-Control': 'no-cache' })
      .type('html')
      .send(page.html);
  });
  return router;
}

const NOT_FROM_THE_CONSOLE = problem('forbidden', 'The console is opened from its own pages only.');

function signIn(deps: Deps, sessions: Sessions): RequestHandler {
  return (req, res) => {
    // Nobody may be signed in by another site, with a key of its own.
    const site = req.get('Sec-Fetch-Site') ?? 'same-origin';
    if (site !== 'same-origin') throw new ProblemError(NOT_FROM_THE_CONSOLE);
    const { key } = Object(req.body);
    const opened = typeof key === 'string' ? sessions.open(key, Date.now()) : null;
    if (!opened) throw new ProblemError(problem('unauthenticated', 'No API key has this secret.'));
    stateOf(res).caller = opened.session;
    res.cookie(SESSION_COOKIE, opened.cookie, { ...cookieOptions(req), maxAge: SESSION_VALID_MS });
    res.set('Cache-Control', 'no-store').status(201).json(shownSession(deps, opened.session));
  };
}

function sessionOf(sessions: Sessions, req: Request): Session {
  const session = sessions.of(req, Date.now());
  if (session) return session;
  throw new ProblemError(problem('unauthenticated', 'Sign in to the console.'));
}

/** `Secure` wherever the browser came by HTTPS; a sandbox on the same machine has none. */
function cookieOptions({ secure }: Request): CookieOptions {
  return { httpOnly: true, sameSite: 'strict', secure, path: '/' };
}

function shownSession({ temporal, livemode, links }: Deps, session: Session) {
  return {
    object: 'session',
    name: session.name,
    role: session.role,
    csrf_token: session.csrfToken,
    expires: new Date(session.expiresAt).toISOString(),
    livemode,
    temporal_namespace: temporal.options.namespace,
    temporal_ui: links.temporalUi,
    stripe_dashboard: links.stripeDashboard,
    docs: links.docs,
  };
}
