import type { Answer } from '../http/answers.ts';
import { errorEnvelope, StripeError } from '../http/errors.ts';
import { isHash } from './checks.ts';
import { ControlError, type ControlRequest } from './handler.ts';
import { controlRoutes } from './routes.ts';
import type { World } from './world.ts';

export const CONTROL_PREFIX = '/_sandbox/';

function find(method: string, path: string): { key: string; id: string } | undefined {
  const parts = path.split('/');
  for (const key of Object.keys(controlRoutes)) {
    const [wantMethod, wantPath = ''] = key.split(' ');
    const want = wantPath.split('/');
    if (wantMethod !== method || want.length !== parts.length) continue;
    const at = want.indexOf(':id');
    if (want.every((part, i) => i === at || part === parts[i]))
      return { key, id: at < 0 ? '' : (parts[at] ?? '') };
  }
  return undefined;
}

function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value), headers: { 'Content-Type': 'application/json' } };
}

/** JSON in, JSON out; no key, since whoever reaches the sandbox may turn its clock. */
export async function control(
  world: World,
  method: string,
  path: string,
  query: string,
  body: string,
): Promise<Answer> {
  const found = find(method, path);
  const handler = found && controlRoutes[found.key];
  if (!found || !handler) return json(404, { error: { message: `No such control: ${method} ${path}` } });
  try {
    const parsed: unknown = body === '' ? {} : JSON.parse(body);
    if (!isHash(parsed)) throw new ControlError('The body must be a JSON object');
    const request: ControlRequest = { query: new URLSearchParams(query), body: parsed, id: found.id };
    return json(200, await handler(world, request));
  } catch (error) {
    if (error instanceof ControlError || error instanceof SyntaxError) {
      return json(400, { error: { message: error.message } });
    }
    // Stripe's own refusal of what would follow.
    if (error instanceof StripeError) return json(error.status, errorEnvelope(error.body));
    throw error;
  }
}
