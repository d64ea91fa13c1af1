import type { Context } from '../core/context.ts';
import type { Json } from '../views/json.ts';
import type { Parsed, Shape } from './params.ts';
import { list, optional, parseShape, text } from './params.ts';

type PathIds<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? { [K in Name]: string } & PathIds<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? { [K in Name]: string }
    : unknown;

export type Method = 'GET' | 'POST' | 'DELETE';

export interface ReadRequest {
  expand: string[];
  handle: (ctx: Context) => Json;
}

export interface Route {
  method: Method;
  path: string;
  /** Checks the parameters; what it gives back is ready to run in a transaction. */
  read: (params: Json, ids: Record<string, string>) => ReadRequest;
}

const expandShape = { expand: optional(list(text)) };

/** One endpoint: where it is, what it takes, what it does. */
export function route<P extends string, S extends Shape>(
  method: Method,
  path: P,
  shape: S,
  handle: (ctx: Context, params: Parsed<S>, ids: PathIds<P>) => Json,
): Route {
  const whole = { ...shape, ...expandShape };
  return {
    method,
    path,
    read: (params, ids) => {
      const { expand = [], ...parsed } = parseShape(whole, params, (key) => key) as { expand?: string[] };
      return { expand, handle: (ctx) => handle(ctx, parsed as Parsed<S>, ids as PathIds<P>) };
    },
  };
}

export interface RouteMatch {
  route: Route;
  ids: Record<string, string>;
}

/** An id as it was meant; one that is not properly encoded is taken as it stands, and will not be found. */
function decodeId(part: string): string {
  try {
    return decodeURIComponent(part.replaceAll('+', ' '));
  } catch {
    return part;
  }
}

export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  return matchParts(partsOf(pattern), path.split('/'));
}

/** Of each pattern that was ever asked for: there are as many as routes. */
const PARTS = new Map<string, readonly string[]>();

function partsOf(pattern: string): readonly string[] {
  const known = PARTS.get(pattern);
  if (known) return known;
  const parts = pattern.split('/');
  PARTS.set(pattern, parts);
  return parts;
}

function matchParts(want: readonly string[], have: readonly string[]): Record<string, string> | undefined {
  if (want.length !== have.length) return undefined;
  const isMatch = want.every((part, at) => part.startsWith(':') || part === have[at]);
  if (!isMatch) return undefined;
  return Object.fromEntries(
    want.flatMap((part, at) => (part.startsWith(':') ? [[part.slice(1), decodeId(have[at] ?? '')]] : [])),
  );
}

/** The first route wins, so fixed paths are listed before those with an id in the same place. */
export function findRoute(routes: readonly Route[], method: string, path: string): RouteMatch | undefined {
  const have = path.split('/');
  for (const candidate of routes) {
    if (candidate.method !== method) continue;
    const ids = matchParts(partsOf(candidate.path), have);
    if (ids) return { route: candidate, ids };
  }
  return undefined;
}
