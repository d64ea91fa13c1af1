import { isIP } from 'node:net';

const SAFE_METHODS = new Set(['GET', 'HEAD']);

/**
 * Why the sandbox's controls and pages refuse a request; null: they take it. They need no key, so that any web page a developer visits
 * could use them: by a request from its own origin, or by a name of its own that leads to this machine (DNS rebinding).
 */
export function refusalOfBrowser(
  { method, host, origin }: { method: string; host: string | undefined; origin: string | undefined },
  publicUrl: string,
): string | null {
  const own = urlOf(`http://${host}`);
  const published = urlOf(publicUrl);
  if (!own || !(isOurs(own.hostname) || own.host === published?.host)) {
    return `The sandbox does not answer to the host ${host}; publicUrl names another.`;
  }
  if (SAFE_METHODS.has(method) || origin === undefined) return null;
  const from = urlOf(origin)?.host;
  if (from !== undefined && (from === own.host || from === published?.host)) return null;
  return `A page of ${origin} must not use the sandbox.`;
}

/** An address, or a name that no public domain can have. */
function isOurs(hostname: string): boolean {
  return isIP(hostname.replace(/^\[|\]$/g, '')) !== 0 || !hostname.includes('.');
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
