import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import type { ConnectionLimit } from './metrics.ts';
import { problemReply } from './problems.ts';
import { newRequestId } from './request-identity.ts';

const LIMITS: Readonly<Record<string, ConnectionLimit>> = {
  HPE_HEADER_OVERFLOW: 'headers',
  ERR_HTTP_REQUEST_TIMEOUT: 'time',
};

/** Answers what Node cannot read as a request with a problem, as everything else is. */
export function answerClientError(
  error: NodeJS.ErrnoException,
  socket: Duplex,
  countDropped: (limit: ConnectionLimit) => void,
): void {
  const limit = LIMITS[error.code ?? ''];
  if (limit) countDropped(limit);
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const requestId = newRequestId();
  const { status, headers, body, contentType } = problemReply(problemOf(error), { requestId });
  const text = JSON.stringify(body);
  const lines = Object.entries({
    ...headers,
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'Request-Id': requestId,
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, '', text].join('\r\n'));
}

function problemOf({ code }: NodeJS.ErrnoException): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problem('headers_too_large', 'The request line and headers have more than 16 KB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('request_timeout', 'The request did not arrive within 15 seconds.');
    default:
      return problem('invalid_request', 'This is not an HTTP request.');
  }
}
