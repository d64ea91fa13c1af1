import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirs, type Env, writableCacheDir } from '../cache-dir.ts';
import { buildWithGo, type GoProgram } from './go-build.ts';

/** The version that go.mod pins, of the server and its SQL tool alike. */
const SERVER_VERSION = 'v1.29.1';

/** File → what it is built from. Images of Temporal call them so too. */
const TOOLS: Readonly<Record<string, GoProgram>> = {
  'temporal-server': tool('the Temporal server', 'go.temporal.io/server/cmd/server'),
  'temporal-sql-tool': tool("the Temporal server's SQL tool", 'go.temporal.io/server/cmd/tools/sql'),
};

function tool(name: string, path: string): GoProgram {
  const takes =
    'half a minute where the Temporal CLI was built before, else about three minutes on two cores';
  return { name, package: path, linkFlags: '-s -w', takes };
}

/** The folder that has the server and its SQL tool, built when they are missing. */
export async function temporalServerTools(
  env: Env,
  home: string,
  log: (line: string) => void,
): Promise<string> {
  const name = `temporal-server-${SERVER_VERSION}-${process.platform}-${process.arch}`;
  const dir = join(writableCacheDir(cacheDirs(env, home)), name);
  await mkdir(dir, { recursive: true });
  for (const [file, program] of Object.entries(TOOLS)) {
    const built = await buildWithGo(program, join(dir, file), log);
    if ('missing' in built)
      throw new Error(`${program.name} could not be built: ${built.missing}. Go 1.25 or newer builds it.`);
  }
  return dir;
}
