import { spawn } from 'node:child_process';

export interface ToolRun {
  command: string;
  args: readonly string[];
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Each line of either stream, as it comes. */
  onLine?: (line: string) => void;
}

export type ToolResult = { ok: true; output: string } | { ok: false; why: string; output: string };

/** Runs a tool to its end. A tool that is missing or fails is an answer, not an exception. */
export function runTool({ command, args, cwd, env, signal, onLine }: ToolRun): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: env ?? process.env,
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
    });
    let output = '';
    const listen = (chunk: string) => {
      output += chunk;
      for (const line of chunk.split('\n')) if (line.trim()) onLine?.(line);
    };
    child.stdout.setEncoding('utf8').on('data', listen);
    child.stderr.setEncoding('utf8').on('data', listen);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? `\`${command}\` is not on the PATH` : error.message;
      resolve({ ok: false, why, output });
    });
    child.on('close', (code, killedBy) => {
      if (code === 0) resolve({ ok: true, output });
      else
        resolve({
          ok: false,
          why: `\`${command}\` ended with ${killedBy ?? `exit code ${code}`}: ${lastLine(output)}`,
          output,
        });
    });
  });
}

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1) ?? '';
}
