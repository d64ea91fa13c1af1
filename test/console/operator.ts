import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Waybill } from '../support/waybill.ts';
import { WITHIN } from '../support/within.ts';

/** Somebody at the console. */
export interface Operator {
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: readonly string[];
  open(path: string): Promise<void>;
}

/** Opens the console and signs in, as a person does. */
export async function operator(
  browser: Browser,
  { apiUrl }: Pick<Waybill, 'apiUrl'>,
  key: string,
  options: BrowserContextOptions = {},
): Promise<Operator> {
  // Colours that are still changing have contrasts of their own.
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(WITHIN.timeout);
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) complaints.push(message.text());
  });
  await page.goto(`${apiUrl}/console`);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  const open = async (path: string) => {
    await page.goto(`${apiUrl}/console/${path}`);
    await page.locator('#page h1').waitFor();
    await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
  };
  return { page, complaints, open };
}
