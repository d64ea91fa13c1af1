import { relative } from 'node:path';
import { z } from 'zod';
import type { Stack } from '../stack.ts';

const accountList = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      type: z.string(),
      country: z.string(),
      default_currency: z.string(),
      charges_enabled: z.boolean(),
    }),
  ),
});
type Account = z.infer<typeof accountList>['data'][number];

/** What a newcomer needs to see: where everything is, who is there, and one request to try. */
export async function banner(stack: Stack, tookMs: number): Promise<string> {
  const { config, urls } = stack;
  const { embedded } = config.sandbox;
  const accounts = embedded ? await seededAccounts(stack) : [];
  return [
    '',
    `Waybill is up (${(tookMs / 1_000).toFixed(1)} s).`,
    '',
    `  API          ${urls.api}   (documentation: ${urls.docs})`,
    `  Console      ${urls.api}/console   (sign in with ${operatorKey(config)})`,
    `  Temporal     ${config.temporal.address}, namespace ${config.temporal.namespace}`,
    ...(config.temporal.embedded ? [`  Temporal UI  ${urls.temporalUi}`] : []),
    embedded
      ? `  Stripe       the sandbox at ${urls.sandbox}, key ${config.stripe.secretKey}`
      : `  Stripe       ${config.stripe.apiBase} (${config.stripe.mode} mode)`,
    `  Data, logs   ${shortPath(config.home)}/   (\`npm start -- --fresh\` starts empty)`,
    '',
    ...(accounts.length > 0 ? ['Connected accounts in the sandbox:', ...accounts.map(line), ''] : []),
    ...tryIt(stack, accounts),
    'Ctrl-C stops everything.',
    '',
  ].join('\n');
}

function operatorKey({ api }: Stack['config']): string {
  const known = api.keys.find(({ secret }) => secret === 'dev_ops');
  return known?.secret ?? 'an API key';
}

function shortPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere.startsWith('..') ? path : fromHere || '.';
}

function line({ id, type, country, default_currency, charges_enabled }: Account): string {
  return `  ${id}  ${country} ${type}, ${default_currency}${charges_enabled ? '' : ', not enabled yet'}`;
}

function tryIt({ config, urls }: Stack, accounts: readonly Account[]): string[] {
  const to = accounts.find((account) => account.charges_enabled && account.country === 'US');
  const key = config.api.keys.find(({ secret }) => secret === 'dev_service');
  if (to === undefined || key === undefined) return [];
  const body = {
    amount: 1000,
    currency: 'usd',
    token: 'tok_visa',
    connected_account: to.id,
    application_fee_amount: 123,
  };
  return [
    'Start an order: 10.00 USD for that account; the platform keeps 1.23:',
    `  curl -s ${urls.api}/v1/orders -H 'Authorization: Bearer ${key.secret}' -H 'Idempotency-Key: first-order' \\`,
    `    -H 'Content-Type: application/json' -d '${JSON.stringify(body)}'`,
    '',
  ];
}

async function seededAccounts({ config, urls }: Stack): Promise<Account[]> {
  const headers = { Authorization: `Bearer ${config.stripe.secretKey}` };
  const response = await fetch(`${urls.sandbox}/v1/accounts?limit=20`, { headers });
  return accountList.parse(await response.json()).data;
}
