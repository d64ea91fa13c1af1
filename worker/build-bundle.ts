import { rename, writeFile } from 'node:fs/promises';
import { buildWorkflowBundle, prebuiltBundle, TRACING_INTERCEPTORS } from './bundle.ts';

// A step of the build. By rename, so that a worker that starts meanwhile never reads half a bundle.
for (const isTraced of [false, true]) {
  const { code } = await buildWorkflowBundle(isTraced ? TRACING_INTERCEPTORS : []);
  const path = prebuiltBundle(isTraced);
  await writeFile(`${path}.unfinished`, code);
  await rename(`${path}.unfinished`, path);
}
