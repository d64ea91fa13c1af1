import { describe, expect, it } from 'vitest';
import { ACCOUNTS, card, errorOf, type Harness, start } from './support.ts';

/** Where Stripe's documentation differed from the sandbox; each part names its page. */
const DAY_S = 86_400;
const SELLER = ACCOUNTS.usCustom;
const AS_SELLER = { stripeAccount: SELLER };
const PAYOUT = { amount: 1000, currency: 'usd' };

/** Money of the seller's, or of the platform's own, that can leave at once. */
async function fund(
  { stripe }: Harness,
  amount: number,
  destination: string | null = SELLER,
): Promise<string> {
  const { id } = await stripe.paymentIntents.create({
    ...card,
    amount,
    payment_method: 'pm_card_bypassPending',
    ...(destination === null ? {} : { transfer_data: { destination } }),
  });
  return id;
}

async function newestEvent({ stripe }: Harness, type: string, account?: string) {
  const options = account === undefined ? {} : { stripeAccount: account };
  const [newest] = (await stripe.events.list({ type, limit: 1 }, options)).data;
  return newest?.data as { object: object; previous_attributes?: object } | undefined;
}

// docs.stripe.com/changelog/2015-01-26/events-previous-attributes-render-differences
// docs.stripe.com/changelog/2017-05-25/events-previous-attributes-render-complete-sub-array
describe('what an object was before', () => {
  it('is shown of a hash only as far as it differs', async () => {
    const harness = await start();
    const { stripe } = harness;
    await stripe.accounts.update(SELLER, { settings: { payouts: { schedule: { interval: 'daily' } } } });
    expect((await newestEvent(harness, 'account.updated', SELLER))?.previous_attributes).toEqual({
      settings: { payouts: { schedule: { interval: 'manual' } } },
    });
  });

  it('is null where there was nothing, and whole where something is gone', async () => {
    const harness = await start();
    const { stripe } = harness;
    const metadata = { kept: '1', changed: 'old', gone: 'yes' };
    const { id } = await stripe.customers.create({ metadata });
    await stripe.customers.update(id, { metadata: { changed: 'new', gone: '', added: 'now' } });
    expect((await newestEvent(harness, 'customer.updated'))?.previous_attributes).toEqual({
      metadata: { added: null, changed: 'old', gone: 'yes' },
    });
  });

  it('is shown of an array as a whole', async () => {
    const harness = await start();
    await harness.control('POST', `accounts/${SELLER}/require`, { fields: ['a', 'b'], deadline_seconds: 60 });
    await harness.control('POST', `accounts/${SELLER}/require`, { fields: ['c'], deadline_seconds: 60 });
    expect((await newestEvent(harness, 'account.updated', SELLER))?.previous_attributes).toEqual({
      requirements: { currently_due: ['a', 'b'], eventually_due: ['a', 'b'] },
    });
  });

  it('is shown of a capability, too', async () => {
    const harness = await start();
    await harness.control('POST', `accounts/${SELLER}`, { capabilities: { transfers: 'inactive' } });
    expect(await newestEvent(harness, 'capability.updated', SELLER)).toMatchObject({
      object: { id: 'transfers', status: 'inactive' },
      previous_attributes: { status: 'active' },
    });
  });
});
