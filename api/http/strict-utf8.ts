import { isUtf8 } from 'node:buffer';
import { parse } from 'node:querystring';

/** Stands for bytes that are no UTF-8. Validation refuses such a text and names its field. */
const NOT_UTF8 = '\ud800';

/** A header as its sender wrote it, in UTF-8; Node reads headers as Latin-1. */
export function headerText(header: string): string {
  const bytes = Buffer.from(header, 'latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : NOT_UTF8;
}

/** Express' own simple parser, but for escapes that are no UTF-8, which it would replace. */
export function parseQuery(query: string): ReturnType<typeof parse> {
  return parse(query, '&', '=', { decodeURIComponent: decoded });
}

function decoded(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return NOT_UTF8;
  }
}
