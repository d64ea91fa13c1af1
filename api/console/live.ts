import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Request, Response } from 'express';
import { ORDER_ID_PATTERN } from '../../domain/ids.ts';
import type { Changes, Topic } from './changes.ts';

const HEARTBEAT_MS = 15_000;
const LOOK_FOR_END_MS = 1_000;

/** Server-sent events: `changed` whenever the page should read again. Ends with the server, which would wait for it otherwise. */
export function streamChanges(changes: Changes, req: Request, res: Response): void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    // A proxy that buffers would hold them back.
    'X-Accel-Buffering': 'no',
  });
  res.write('retry: 2000\n\n');
  const stop = changes.watch(topicOf(req), () => res.write('event: changed\ndata: {}\n\n'));
  const heartbeat = setInterval(() => res.write(': alive\n\n'), HEARTBEAT_MS);
  const { server } = req.socket as Socket & { readonly server?: Server };
  const lookForEnd = setInterval(() => {
    if (server?.listening === false) res.end();
  }, LOOK_FOR_END_MS);
  res.on('close', () => {
    stop();
    clearInterval(heartbeat);
    clearInterval(lookForEnd);
  });
}

function topicOf({ query }: Request): Topic {
  const { order } = query;
  return typeof order === 'string' && ORDER_ID_PATTERN.test(order)
    ? { type: 'order', id: order }
    : { type: 'inbox' };
}
