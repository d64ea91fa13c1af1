import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import type Stripe from 'stripe';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchBrowser, noBrowser } from '../support/browser.ts';
import { needs } from '../support/needs.ts';
import { WITHIN } from '../support/within.ts';
import { type Harness, start } from './support.ts';

const VERIFICATION_S = 5;
const LINK_LIVES_S = 300;

/** The platform's own pages, where people come back to. */
let platform: string;
let server: Server;
let browser: Browser;

const links = () => ({ refresh_url: `${platform}/refresh`, return_url: `${platform}/return` });

async function expressWithLink({ stripe }: Harness): Promise<{ account: Stripe.Account; url: string }> {
  const account = await stripe.accounts.create({
    type: 'express',
    country: 'US',
    email: 'jenny@example.com',
  });
  const { url } = await stripe.accountLinks.create({
    account: account.id,
    type: 'account_onboarding',
    ...links(),
  });
  return { account, url };
}

/** By what is written next to each field, as somebody does who does not see the page. */
async function fillIn(page: Page, values: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(values))
    await page.getByLabel(label, { exact: true }).fill(value);
}

const PERSON = {
  Website: 'https://accessible.stripe.com',
  'First name': 'Jenny',
  'Last name': 'Rosen',
  Phone: '+1 000 000 0000',
  'Date of birth': '1901-01-01',
  'Street address': 'address_full_match',
  City: 'San Francisco',
  'State or province': 'CA',
  'Postal code': '94111',
  'Last 4 digits of the Social Security number': '0000',
  'Routing number': '110000000',
};
const TERMS = 'I accept the Stripe Connected Account Agreement';

needs(noBrowser)('in a browser without JavaScript', () => {
  beforeAll(async () => {
    server = createServer((request, response) => response.end(`You are at ${request.url}`));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    platform = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function visit(url: string): Promise<Page> {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    page.setDefaultTimeout(WITHIN.timeout);
    await page.goto(url);
    return page;
  }
  /** The page before has another alert, or none. */
  const says = (page: Page, text: string) => page.getByRole('alert').getByText(text).waitFor();

  it('an Express account is onboarded: asked again for what is wrong, then verified and let in', async () => {
    const harness = await start();
    const { stripe, sandbox } = harness;
    const { account, url } = await expressWithLink(harness);
    expect(account).toMatchObject({ details_submitted: false, payouts_enabled: false });

    const page = await visit(url);
    expect(await page.getByLabel('Email', { exact: true }).inputValue()).toBe('jenny@example.com');
    await fillIn(page, { ...PERSON, 'Account number': '123123123' });
    await page.getByRole('button', { name: 'Agree and submit' }).click();
    await says(page, 'The agreement has to be accepted.');

    await page.getByLabel(TERMS).check();
    await page.getByRole('button', { name: 'Agree and submit' }).click();
    await says(page, 'You must use a test bank account number');
    expect((await stripe.accounts.retrieve(account.id)).details_submitted).toBe(false);

    await fillIn(page, { 'Account number': '000123456789' });
    await page.getByRole('button', { name: 'Agree and submit' }).click();
    await page.waitForURL(`${platform}/return`);

    expect(await stripe.accounts.retrieve(account.id)).toMatchObject({
      details_submitted: true,
      capabilities: { card_payments: 'pending', transfers: 'pending' },
      requirements: { currently_due: [], disabled_reason: 'requirements.pending_verification' },
    });
    sandbox.advance(VERIFICATION_S);
    expect(await stripe.accounts.retrieve(account.id)).toMatchObject({
      capabilities: { card_payments: 'active', transfers: 'active' },
      charges_enabled: true,
      payouts_enabled: true,
    });

    const login = await stripe.accounts.createLoginLink(account.id);
    const dashboard = await visit(login.url);
    expect(await dashboard.getByRole('main').textContent()).toContain('•••• 6789');
    expect((await dashboard.goto(login.url))?.status()).toBe(404);
  });

  it('a link that was opened, or is too old, leads back to the platform for a new one', async () => {
    const harness = await start();
    const opened = await expressWithLink(harness);
    await visit(opened.url);
    expect((await visit(opened.url)).url()).toBe(`${platform}/refresh`);

    const old = await expressWithLink(harness);
    harness.sandbox.advance(LINK_LIVES_S + 1);
    expect((await visit(old.url)).url()).toBe(`${platform}/refresh`);
  });

  it('a company is onboarded with the person who represents it', async () => {
    const harness = await start({ settings: { verification_seconds: 0 } });
    const { account, url } = await expressWithLink(harness);
    const page = await visit(url);
    await page.getByLabel('Type of business').selectOption('company');
    await fillIn(page, { ...PERSON, 'Account number': '000123456789' });
    await page.getByLabel(TERMS).check();
    await page.getByRole('button', { name: 'Agree and submit' }).click();
    await says(page, 'Company name is missing.');
    await fillIn(page, { 'Company name (optional)': 'Rosen Ltd', 'Company tax id (optional)': '000000000' });
    await page.getByRole('button', { name: 'Agree and submit' }).click();

    await page.waitForURL(`${platform}/return`);
    harness.sandbox.advance(1);
    expect(await harness.stripe.accounts.retrieve(account.id)).toMatchObject({
      charges_enabled: true,
      requirements: { currently_due: [] },
    });
    const { data } = await harness.stripe.accounts.listPersons(account.id);
    expect(data[0]?.relationship).toMatchObject({ representative: true, owner: true });
  });

  const authorize = ({ url }: Harness) =>
    `${url}/oauth/authorize?${new URLSearchParams({
      client_id: 'ca_waybill',
      response_type: 'code',
      scope: 'read_write',
      state: 'sealed',
      redirect_uri: `${platform}/callback`,
      'stripe_user[email]': 'owner@example.com',
      'stripe_user[country]': 'DE',
    })}`;

  it('the owner of a Standard account consents, and the platform is let in once', async () => {
    const harness = await start();
    const page = await visit(authorize(harness));
    expect(await page.getByLabel('Email', { exact: true }).inputValue()).toBe('owner@example.com');
    await page.getByRole('button', { name: 'Connect my Stripe account' }).click();
    await page.waitForURL(`${platform}/**`);
    const { pathname, searchParams } = new URL(page.url());
    expect([pathname, searchParams.get('state')]).toEqual(['/callback', 'sealed']);

    const exchange = { grant_type: 'authorization_code', code: searchParams.get('code') ?? '' };
    const connected = await post(harness, '/oauth/token', exchange);
    expect(connected).toMatchObject({
      status: 200,
      body: { scope: 'read_write', stripe_user_id: expect.stringMatching(/^acct_/), livemode: false },
    });
    const account = await harness.stripe.accounts.retrieve(String(connected.body.stripe_user_id));
    expect(account).toMatchObject({ type: 'standard', country: 'DE', charges_enabled: true });
    expect(await post(harness, '/oauth/token', exchange)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  it('the owner of a Standard account who denies is sent back with no code', async () => {
    const page = await visit(authorize(await start()));
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL(`${platform}/**`);
    const { pathname, searchParams } = new URL(page.url());
    expect(pathname).toBe('/callback');
    expect(Object.fromEntries(searchParams)).toMatchObject({ error: 'access_denied', state: 'sealed' });
  });
});

async function post({ url }: Harness, path: string, params: Record<string, string>) {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { Authorization: 'Bearer sk_test_waybill' },
    body: new URLSearchParams(params),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
