import type { Response } from 'express';
import type { Reply } from '../endpoint.ts';

const JSON_TYPE = 'application/json; charset=utf-8';

/** Writes a reply; a text body stays as it is. */
export function send(res: Response, { status, body, headers, contentType = JSON_TYPE }: Reply): void {
  res
    .status(status)
    .set({ ...headers, 'Content-Type': contentType, 'Cache-Control': 'no-store' })
    .send(typeof body === 'string' ? body : JSON.stringify(body));
}
