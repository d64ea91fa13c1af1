import { startVitest } from 'vitest/node';
import { projectRoot } from './project-root.ts';

/** `npm run screenshots`: plays the tests of the pictures of the console and of Temporal's UI, and keeps them in docs/images. */
const vitest = await startVitest('test', ['test/console/screenshots.test.ts'], {
  watch: false,
  root: projectRoot,
  provide: { keepScreenshots: true },
});
await vitest.close();
