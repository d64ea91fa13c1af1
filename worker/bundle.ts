import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleOption,
} from '@temporalio/worker';

const here = fileURLToPath(import.meta.url);
const root = join(here, '..', '..');

/** Where the build puts the bundle: `dist/workflow-bundle.js`. From the sources (tests) there is none. */
export const prebuiltBundle = join(root, 'workflow-bundle.js');

/** The workflows as one script, as a worker loads it. */
export async function buildWorkflowBundle(
  workflowInterceptorModules: BundleOptions['workflowInterceptorModules'] = [],
): Promise<{ code: string }> {
  const workflowsPath = join(root, 'workflows', `index${extname(here)}`);
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    // Loaded once for all workflows, not once for each: they were a third of a cached order's memory.
    preloadModules: [workflowsPath],
    workflowInterceptorModules,
    // At INFO webpack lists every module.
    logger: new DefaultLogger('WARN'),
  });
  return { code };
}

/** The prebuilt bundle where the build made one, which saves each worker more than a second; otherwise a fresh one. */
export async function workflowBundle(): Promise<WorkflowBundleOption> {
  return existsSync(prebuiltBundle) ? { codePath: prebuiltBundle } : buildWorkflowBundle();
}
