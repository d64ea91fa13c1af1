import { expect, it } from 'vitest';
import { loadConfig } from '../../config.ts';
import { apiUrl, launches } from '../../dev/processes/parts.ts';

const argsOf = async (env: Record<string, string>) => {
  const config = loadConfig(env);
  const { args } = await launches(config, env, async () => 'temporal').temporal();
  return { args: args ?? [], api: apiUrl(config) };
};

it('the UI of the embedded server has the API decrypt where payloads are encrypted', async () => {
  const key = `first:${Buffer.alloc(32, 7).toString('base64')}`;
  const { args, api } = await argsOf({ WAYBILL_PAYLOAD_KEYS: key });
  expect(args[args.indexOf('--ui-codec-endpoint') + 1]).toBe(`${api}/codec`);
});

it('and asks nobody where they are plain', async () => {
  expect((await argsOf({})).args).not.toContain('--ui-codec-endpoint');
});
