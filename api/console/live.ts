import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Request, Response } from 'express';
import { problem } from '../../domain/errors.ts';
import { ORDER_ID_PATTERN } from '../../domain/ids.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import type { Changes, Topic } from './changes.ts';

const HEARTBEAT_MS = 15_000;
const LOOK_FOR_END_MS = 1_000;
const COME_AGAIN_SECONDS = '30';
/** Of one key, in this process. Behind a proxy all callers have its address, and no other limit of their own for what they hold open. */
export const LIVE_PAGES_PER_KEY = 50;

interface Viewer {
  readonly name: string;
  /** Whether the session still counts: it ends with its time and with its key. */
  readonly isSignedIn: () => boolean;
}

/** Pages that are told of changes, by server-sent events. */
export class LivePages {
  readonly #changes: Changes;
  /** How many are open, by the name of their key. */
  readonly #open = new Map<string, number>();

  constructor(changes: Changes) {
    this.#changes = changes;
  }

  /**
   * Sends `changed` whenever the page should read again. Ends with the server, which would wait for it otherwise, and with its session.
   * `name`: of the key or person whose page it is.
   */
  stream({ name, isSignedIn }: Viewer, req: Request, res: Response): void {
    this.#take(name);
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // A proxy that buffers would hold them back.
      'X-Accel-Buffering': 'no',
    });
    res.write('retry: 2000\n\n');
    const stop = this.#changes.watch(topicOf(req), () => res.write('event: changed\ndata: {}\n\n'));
    const heartbeat = setInterval(() => {
      if (isSignedIn()) res.write(': alive\n\n');
      else res.end();
    }, HEARTBEAT_MS);
    const { server } = req.socket as Socket & { readonly server?: Server };
    const lookForEnd = setInterval(() => {
      if (server?.listening === false) res.end();
    }, LOOK_FOR_END_MS);
    res.on('close', () => {
      stop();
      clearInterval(heartbeat);
      clearInterval(lookForEnd);
      this.#leave(name);
    });
  }

  #take(name: string): void {
    const open = this.#open.get(name) ?? 0;
    if (open >= LIVE_PAGES_PER_KEY) {
      throw new ProblemError(
        problem('too_many_requests', `${open} pages of ${name} are live already: close some.`),
        { 'Retry-After': COME_AGAIN_SECONDS },
      );
    }
    this.#open.set(name, open + 1);
  }

  #leave(name: string): void {
    const left = (this.#open.get(name) ?? 0) - 1;
    if (left > 0) this.#open.set(name, left);
    else this.#open.delete(name);
  }
}

function topicOf({ query }: Request): Topic {
  const { order } = query;
  return typeof order === 'string' && ORDER_ID_PATTERN.test(order)
    ? { type: 'order', id: order }
    : { type: 'inbox' };
}
