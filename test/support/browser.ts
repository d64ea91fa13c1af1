/** A real browser for the pages that people see: Chromium, headless, as Debian packages it. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** The one without a window first: it takes half the CPU time of the other. */
const CHROMIUM = [
  ...['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'],
  ...['/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
].find((path) => existsSync(path));

/** Why there is no browser here, or undefined: for `needs`. */
export const noBrowser =
  CHROMIUM === undefined
    ? 'no Chromium here; Debian has it as the package chromium-headless-shell'
    : undefined;

/** It asks nobody for anything by itself: every request it makes is the test's. */
export async function launchBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('There is no Chromium on this machine.');
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // One process draws all pages: another for each context takes a tenth more CPU time.
      '--renderer-process-limit=1',
    ],
  });
}
