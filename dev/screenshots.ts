import { startVitest } from 'vitest/node';
import { projectRoot } from './project-root.ts';

/** `npm run screenshots`: plays the tests of the pictures of the console, of Temporal's UI and of the checkout page, and keeps them in docs/images. */
const vitest = await startVitest(
  'test',
  ['test/console/screenshots.test.ts', 'test/samples/checkout.test.ts'],
  {
    watch: false,
    root: projectRoot,
    provide: { keepScreenshots: true },
  },
);
await vitest.close();
