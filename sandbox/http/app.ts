import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import { CONTROL_PREFIX, control } from '../control/app.ts';
import type { World } from '../control/world.ts';
import { isPage, page } from '../pages/app.ts';
import type { Answer } from './answers.ts';
import { refusalOfBrowser } from './browser-guard.ts';
import { answerToPages, preflight } from './cors.ts';
import type { Engine } from './engine.ts';
import { errorEnvelope } from './errors.ts';
import { multipartParams } from './multipart.ts';

const BODY_LIMIT = '1mb';
/** A little above what Stripe takes as evidence. */
const FILE_LIMIT = '6mb';

function send(res: Response, answer: Answer | undefined): void {
  if (!answer) {
    res.socket?.destroy();
    return;
  }
  res.writeHead(answer.status, answer.headers).end(answer.body);
}

async function bodyText(req: Request): Promise<string> {
  if (!Buffer.isBuffer(req.body)) return '';
  const type = req.get('content-type') ?? '';
  return type.startsWith('multipart/form-data') ? multipartParams(type, req.body) : req.body.toString('utf8');
}

/** The HTTP surface: Stripe's paths go to the engine, the sandbox's own to its controls and pages. */
export function createApp(engine: Engine, world: World, onError: (error: unknown) => void): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/v1/files', express.raw({ type: () => true, limit: FILE_LIMIT }));
  app.use(express.raw({ type: () => true, limit: BODY_LIMIT }));
  app.use(async (req: Request, res: Response) => {
    const [path = '', query = ''] = req.url.split('?', 2);
    const body = await bodyText(req);
    const caller = { method: req.method, host: req.get('host'), origin: req.get('origin') };
    const isControl = path.startsWith(CONTROL_PREFIX);
    const refusal = isControl || isPage(path) ? refusalOfBrowser(caller, world.settings.publicUrl) : null;
    if (refusal) {
      res.status(403).json({ error: { message: refusal } });
      return;
    }
    if (isControl) {
      send(res, await control(world, req.method, path, query, body));
      return;
    }
    const shown = page(world, req.method, path, query, body);
    if (shown) {
      send(res, shown);
      return;
    }
    const asked = preflight(req.method, path);
    if (asked) {
      res.writeHead(204, asked).end();
      return;
    }
    const header = (name: string): string | undefined => req.get(name);
    const answer = await engine.handle({ method: req.method, path, query, body, header });
    const forPages = answerToPages(path, { origin: caller.origin, authorization: header('authorization') });
    send(res, answer && { ...answer, headers: { ...answer.headers, ...forPages } });
  });
  const failed: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
    const { status = 500 } = error as { status?: number };
    // What Express and its reader of bodies refuse is the caller's doing.
    const isRefusal = status >= 400 && status < 500;
    if (!isRefusal) onError(error);
    const message = status === 413 ? 'Request body is too large.' : 'The request cannot be read.';
    const body = isRefusal
      ? errorEnvelope({ type: 'invalid_request_error', message })
      : errorEnvelope({ type: 'api_error', message: 'An unknown error occurred' });
    res.status(isRefusal ? status : 500).json(body);
  };
  app.use(failed);
  return app;
}
