import type { Context } from '../core/context.ts';
import type { AccountLink, LoginLink } from '../objects/links.ts';
import type { Json } from './json.ts';

export const ONBOARDING_PATH = '/connect/onboarding/:link';
export const DASHBOARD_PATH = '/express/:link';

const at = (ctx: Context, path: string, link: string): string =>
  ctx.settings.publicUrl + path.replace(':link', link);

export function accountLinkView(ctx: Context, { id, created, expires_at }: AccountLink): Json {
  return { object: 'account_link', created, expires_at, url: at(ctx, ONBOARDING_PATH, id) };
}

export function loginLinkView(ctx: Context, { id, created }: LoginLink): Json {
  return { object: 'login_link', created, url: at(ctx, DASHBOARD_PATH, id) };
}
