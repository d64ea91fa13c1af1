import { createHmac, timingSafeEqual } from 'node:crypto';
import type { World } from '../control/world.ts';

const FIELD = 'csrf_token';

/** For the form of the page at this path and query. */
export function csrfField(world: World, path: string, query: string): string {
  return `<input type="hidden" name="${FIELD}" value="${tokenOf(world, path, query)}">`;
}

/** Whether a form comes from that page as the sandbox served it. */
export function isFromPage(world: World, path: string, query: string, form: URLSearchParams): boolean {
  const expected = Buffer.from(tokenOf(world, path, query));
  const given = Buffer.from(form.get(FIELD) ?? '');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Lasts as long as the sandbox's data: a form outlives a restart. */
function tokenOf(world: World, path: string, query: string): string {
  const { seed } = world.transaction((ctx) => ctx.tx.must('meta', 'meta'));
  return createHmac('sha256', seed).update(`csrf:${path}?${query}`).digest('hex');
}
