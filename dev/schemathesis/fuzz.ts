import { join } from 'node:path';
import type { Env } from '../cache-dir.ts';
import { projectRoot } from '../project-root.ts';
import { pythonTools } from '../python-tools.ts';
import { runTool, type ToolResult } from '../run-tool.ts';

export interface Fuzzing {
  /** From `schemathesisPython`. */
  readonly python: string;
  readonly apiUrl: string;
  /** Secret of an API key that may do everything. */
  readonly apiKey: string;
  /** Of the whole run. Its deterministic phases come first; random requests and chains of them fill the rest. */
  readonly seconds: number;
  readonly examplesPerOperation: number;
  readonly seed: number;
  readonly onLine?: (line: string) => void;
}

/** A Python that has schemathesis; or why there is none. */
export async function schemathesisPython(
  env: Env,
  home: string,
): Promise<{ path: string } | { missing: string }> {
  const requirements = join(projectRoot, 'dev', 'schemathesis', 'requirements.txt');
  const tools = await pythonTools('schemathesis', requirements, env, home);
  return 'bin' in tools ? { path: join(tools.bin, 'python') } : tools;
}

/**
 * Sends requests that the API's own OpenAPI document allows and others that it forbids, alone and in chains, and holds every
 * answer to the document. `schemathesis.toml` says how.
 */
export function fuzz(fuzzing: Fuzzing): Promise<ToolResult> {
  const { python, apiUrl, apiKey, seconds, examplesPerOperation, seed, onLine } = fuzzing;
  return runTool({
    command: python,
    args: [
      ...['-m', 'schemathesis.cli', 'run', `${apiUrl}/openapi.json`, '--no-color'],
      ...['--max-time', String(seconds), '--max-examples', String(examplesPerOperation)],
      // One: where two threads parse Python at once, CPython 3.11 may fail (github.com/python/cpython/issues/106905).
      ...['--seed', String(seed), '--workers', '1', '--header', `Authorization: Bearer ${apiKey}`],
    ],
    cwd: projectRoot,
    ...(onLine === undefined ? {} : { onLine }),
  });
}
