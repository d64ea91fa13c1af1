/** Temporal's own UI, as an operator uses it. */
import type { FrameLocator, Page } from 'playwright-core';
import { orderWorkflowId } from '../../domain/ids.ts';

/** Opens an order's workflow at its history. */
export async function openOrder(page: Page, ui: string, id: string): Promise<void> {
  await page.goto(`${ui}/namespaces/default/workflows/${encodeURIComponent(orderWorkflowId(id))}`);
  await page.getByRole('heading', { name: 'Event History' }).waitFor();
}

/** Fills the form *Send a Signal* of the workflow that is open. */
export async function fillSignal(page: Page, name: string, payload: string) {
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: 'Send a Signal' }).click();
  const form = page.getByRole('dialog');
  await form.getByTestId('signal-select-button').click();
  await form
    .getByRole('option')
    .filter({ hasText: new RegExp(`^\\s*${name}(?![a-zA-Z])`) })
    .click();
  await form.locator('.cm-content').click();
  await page.keyboard.insertText(payload);
  // Leaving the editor formats the text, which moves the button.
  await form.locator('.cm-content').blur();
  return form;
}

export async function sendSignal(page: Page, name: string, payload: string): Promise<void> {
  const form = await fillSignal(page, name, payload);
  await form.getByRole('button', { name: 'Submit' }).click();
  await form.waitFor({ state: 'hidden' });
}

/** The panel *Current Details* of the workflow that is open: the UI renders its Markdown in a frame. */
export async function openDetails(page: Page): Promise<FrameLocator> {
  await page.getByText('User Metadata').first().click();
  await page.getByText('Current Details').waitFor();
  return page.locator('iframe').last().contentFrame();
}

/** *Summary* and *Details* beside the panel that {@link openDetails} has opened: what the workflow was started with. */
export async function startTexts(page: Page): Promise<(string | null)[]> {
  const frames = [0, 1].map((index) => page.locator('iframe').nth(index).contentFrame());
  return Promise.all(frames.map((frame) => frame.locator('p').textContent()));
}

/** Has the UI ask a codec server, with the session of the console in the same browser. */
export async function useCodecServer(page: Page, endpoint: string): Promise<void> {
  await page.getByRole('button', { name: 'Configure Codec Server' }).click();
  await page.locator('#data-encoder-endpoint-input').fill(endpoint);
  await page.getByText('Include cross-origin credentials').click();
  await page.getByRole('button', { name: 'Apply' }).click();
}
