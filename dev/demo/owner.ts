import { z } from 'zod';
import { connectionResource } from '../../api/accounts/oauth-schema.ts';

/** What Stripe's form asks of somebody who sells, answered with Stripe's test data. */
const ANSWERS = {
  business_type: 'individual',
  url: 'https://accessible.stripe.com',
  first_name: 'Jenny',
  last_name: 'Rosen',
  email: 'jenny@example.com',
  phone: '+10000000000',
  dob: '1901-01-01',
  line1: 'address_full_match',
  city: 'San Francisco',
  state: 'CA',
  postal_code: '94111',
  ssn_last_4: '0000',
  routing_number: '110000000',
  account_number: '000123456789',
  terms: 'on',
};

/** Fills in the form behind an onboarding link, as its owner does in a browser. Throws unless Stripe takes it. */
export async function onboard(link: string): Promise<void> {
  const form = await (await fetch(link)).text();
  const session = hidden(form, 'session');
  const body = new URLSearchParams({ ...ANSWERS, session, csrf_token: hidden(form, 'csrf_token') });
  const { status } = await fetch(link, { method: 'POST', body, redirect: 'manual' });
  if (status !== 303) throw new Error(`The form was not taken: ${status}.`);
}

/** Consents, or not, on Stripe's page, and comes back to Waybill. */
export async function consent(page: string, action: 'connect' | 'deny') {
  const csrf_token = hidden(await (await fetch(page)).text(), 'csrf_token');
  const answers = { action, account: 'new', email: 'owner@example.com', country: 'US' };
  const body = new URLSearchParams({ ...answers, csrf_token });
  const sent = await fetch(page, { method: 'POST', body, redirect: 'manual' });
  const back = await fetch(sent.headers.get('location') ?? '');
  const answer: unknown = await back.json();
  return {
    status: back.status,
    connection: connectionResource.safeParse(answer).data ?? null,
    problem: z.object({ code: z.string() }).safeParse(answer).data ?? null,
  };
}

/** What a form sends along without asking. */
function hidden(form: string, field: string): string {
  const value = new RegExp(`name="${field}" value="(\\w+)"`).exec(form)?.[1];
  if (value === undefined) throw new Error(`The page has no form with ${field}.`);
  return value;
}
