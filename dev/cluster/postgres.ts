import { existsSync } from 'node:fs';
import { chown, copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Env } from '../cache-dir.ts';
import { runTool } from '../run-tool.ts';
import { POSTGRES_USER } from './deployment.ts';

/** The user that Debian's packages make for the server. */
const SYSTEM_USER = 'postgres';

/**
 * Makes `folder` a database whose one user has the password of `passwordFile`, unless it is one already. Returns what comes before a
 * command so that it runs as the folder's owner: PostgreSQL does not run as root.
 */
export async function prepareDatabase(
  folder: string,
  passwordFile: string,
  env: Env,
): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const isRoot = process.getuid?.() === 0;
  const asOwner = isRoot
    ? ['setpriv', `--reuid=${SYSTEM_USER}`, `--regid=${SYSTEM_USER}`, '--init-groups']
    : [];
  if (existsSync(join(folder, 'PG_VERSION'))) return asOwner;
  const ownPassword = `${folder}.password`;
  await copyFile(passwordFile, ownPassword);
  if (isRoot) for (const path of [folder, ownPassword]) await giveTo(SYSTEM_USER, path);
  await run(env, [...asOwner, 'test', '-w', folder], unreachable(folder));
  await run(env, [
    ...asOwner,
    ...['initdb', '--pgdata', folder, '--username', POSTGRES_USER, '--pwfile', ownPassword],
    ...['--auth', 'scram-sha-256', '--encoding', 'UTF8', '--locale', 'C'],
  ]);
  await rm(ownPassword);
  return asOwner;
}

async function giveTo(user: string, path: string): Promise<void> {
  const id = async (flag: string) => Number((await runTool({ command: 'id', args: [flag, user] })).output);
  await chown(path, await id('-u'), await id('-g'));
}

function unreachable(folder: string): string {
  return `WAYBILL_HOME: the user ${SYSTEM_USER}, as whom PostgreSQL runs for root, cannot reach ${folder}. Set WAYBILL_HOME to a folder that it can reach`;
}

async function run(env: Env, [command = '', ...args]: readonly string[], why?: string): Promise<void> {
  const ran = await runTool({ command, args, env });
  if (!ran.ok) throw new Error(why ?? `${ran.why}\n${ran.output}`);
}
