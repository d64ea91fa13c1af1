type Env = Readonly<Record<string, string | undefined>>;

/** Where a process of the image answers. `takesAnyAnswer`: it has no page that says how it is, so that each answer is a good one. */
export interface ContainerHealth {
  readonly url: string;
  readonly takesAnyAnswer: boolean;
}

/** Of IPv4 and IPv6: what listens at all addresses is asked at the loopback. */
const EVERYWHERE = new Set(['0.0.0.0', '::', '[::]']);

/** Where the process answers that `command` runs with those variables; null: nowhere, as a job. */
export function healthOf(command: readonly string[], env: Env): ContainerHealth | null {
  const [, script] = /\bdist\/([\w/-]+)\.js\b/.exec(command.join(' ')) ?? [];
  switch (script) {
    case 'api/main':
      return page(`${env.API_HOST || '127.0.0.1'}:${env.API_PORT || '3000'}`);
    case 'worker/main':
      return env.WORKER_HEALTH_ADDRESS ? page(env.WORKER_HEALTH_ADDRESS) : null;
    case 'dev/sandbox':
      return {
        url: urlOf(`${env.SANDBOX_HOST || '127.0.0.1'}:${env.SANDBOX_PORT || '12111'}`),
        takesAnyAnswer: true,
      };
    default:
      return null;
  }
}

function page(address: string): ContainerHealth {
  return { url: `${urlOf(address)}healthz`, takesAnyAnswer: false };
}

function urlOf(address: string): string {
  const colon = address.lastIndexOf(':');
  const host = address.slice(0, colon);
  return `http://${EVERYWHERE.has(host) ? '127.0.0.1' : host}${address.slice(colon)}/`;
}

/** Whether it answers, and well. What answers nowhere is well as long as it runs. */
export async function isHealthy(health: ContainerHealth | null): Promise<boolean> {
  if (health === null) return true;
  try {
    const { ok } = await fetch(health.url);
    return ok || health.takesAnyAnswer;
  } catch {
    return false;
  }
}
