import type { ManagedProcess } from '../processes/managed-process.ts';
import type { Stack } from '../stack.ts';
import { ApiClient } from './api-client.ts';
import { ConnectClient } from './connect-client.ts';
import { SandboxClient } from './sandbox-client.ts';
import type { Stage } from './scenario.ts';

/** Where scenarios are played: one Stripe sandbox, one Waybill. */
export interface World {
  readonly apiUrl: string;
  readonly apiKey: string;
  readonly sandbox: SandboxClient;
  readonly worker: ManagedProcess;
  /** The platform's own account. */
  readonly platform: string;
  readonly accounts: Stage['accounts'];
}

export async function worldOf({ config, urls, processes }: Stack): Promise<World> {
  const apiKey = config.api.keys.find(({ role }) => role === 'ops')?.secret;
  if (apiKey === undefined) throw new Error('WAYBILL_API_KEYS: no key has the role ops.');
  const sandbox = new SandboxClient(urls.sandbox, config.stripe.secretKey);
  const api = new ApiClient({ url: urls.api, key: apiKey, name: 'accounts' });
  const accounts = await api.accounts();
  const seller = (country: string, type: string): string => {
    const found = accounts.find((one) => one.country === country && one.type === type && one.charges_enabled);
    if (found?.id == null) throw new Error(`The sandbox has no enabled ${type} account in ${country}.`);
    return found.id;
  };
  return {
    apiUrl: urls.api,
    apiKey,
    sandbox,
    worker: processes.worker,
    platform: await sandbox.platform(),
    accounts: { us: seller('US', 'custom'), de: seller('DE', 'custom'), payee: seller('US', 'express') },
  };
}

export function stageFor(name: string, world: World, step: Stage['step']): Stage {
  const { apiUrl, apiKey, sandbox, worker, accounts } = world;
  const api = new ApiClient({ url: apiUrl, key: apiKey, name });
  return { api, connect: new ConnectClient(api, apiUrl), sandbox, worker, accounts, step };
}
