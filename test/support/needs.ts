import { describe, it } from 'vitest';

type Suite = (title: string, tests: () => void) => void;

/**
 * `describe` for tests that need a tool which a developer may lack. `missing`: why it cannot be used; undefined: it can.
 * Without it the suite is skipped and says why; in CI it fails, since a skip there would hide that nothing was tested.
 */
export function needs(missing: string | undefined): Suite {
  if (missing === undefined) return describe;
  if (!process.env.CI) return (title, tests) => describe.skip(`${title} [skipped: ${missing}]`, tests);
  return (title) =>
    it(title, () => {
      throw new Error(`CI must run these tests: ${missing}.`);
    });
}
