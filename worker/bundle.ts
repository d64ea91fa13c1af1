import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type BundleOptions,
  bundleWorkflowCode,
  DefaultLogger,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import type { PayloadKey } from '../temporal/payload-encryption.ts';

const here = fileURLToPath(import.meta.url);
const root = join(here, '..', '..');

/** Where the build puts the bundle: `dist/workflow-bundle.js`, and beside it the one that is traced. From the sources (tests) there is none. */
export function prebuiltBundle(isTraced: boolean): string {
  return join(root, isTraced ? 'workflow-bundle-traced.js' : 'workflow-bundle.js');
}

/** Make spans of what workflows do. A third of the traced bundle: nobody else should load it. */
export const TRACING_INTERCEPTORS = [join(root, 'telemetry', `workflow-interceptors${extname(here)}`)];

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
    failureConverterPath: join(root, 'worker', 'workflow-failures.cjs'),
    // Without the sources themselves, which nothing reads: each worker parses its bundle at start, and this is two fifths of it.
    webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
    // At INFO webpack lists every module.
    logger: new DefaultLogger('WARN'),
  });
  return { code };
}

/** What workflow code knows about its worker. None of it changes what a workflow does. */
export interface BundleSettings {
  /** Where links to the runbook lead (workflows/shared/markdown.ts); null: they only name its file. */
  readonly runbookUrl: string | null;
  /** Any: failures hide their message from Temporal (workflow-failures.cjs). Workflow code never sees the keys. */
  readonly payloadKeys: readonly PayloadKey[];
  /** Whether workflows make spans. */
  readonly isTraced?: boolean;
}

/** The prebuilt bundle where the build made one, which saves each worker more than a second; otherwise a fresh one. */
export async function workflowBundle(settings: BundleSettings): Promise<WorkflowBundleOption> {
  const { isTraced = false } = settings;
  const prebuilt = prebuiltBundle(isTraced);
  const code = existsSync(prebuilt)
    ? await readFile(prebuilt, 'utf8')
    : (await buildWorkflowBundle(isTraced ? TRACING_INTERCEPTORS : [])).code;
  return { code: withSettings(code, settings) };
}

/** The bundle with that on its first line, so that the source map still counts the same lines. */
export function withSettings(
  code: string,
  { runbookUrl, payloadKeys }: Omit<BundleSettings, 'isTraced'>,
): string {
  const globals = { WAYBILL_RUNBOOK_URL: runbookUrl, WAYBILL_ENCRYPTED: payloadKeys.length > 0 };
  return `Object.assign(globalThis, ${JSON.stringify(globals)});${code}`;
}
