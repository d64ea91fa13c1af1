import { rename, writeFile } from 'node:fs/promises';
import { buildWorkflowBundle, prebuiltBundle } from './bundle.ts';

// A step of the build. By rename, so that a worker that starts meanwhile never reads half a bundle.
const { code } = await buildWorkflowBundle();
await writeFile(`${prebuiltBundle}.unfinished`, code);
await rename(`${prebuiltBundle}.unfinished`, prebuiltBundle);
