import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import { sendForm } from '../support/form.ts';
import { card, type Harness, start } from './support.ts';

const EVIL = 'https://evil.example';

/** As a browser sends it: `fetch` sets Host itself. */
function send(url: string, method: string, headers: Record<string, string>, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers: { ...headers, 'content-length': body.length } },
      (response) => {
        response.resume().once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', reject).end(body);
  });
}

async function asksCustomer({ stripe }: Harness) {
  const { id, next_action } = await stripe.paymentIntents.create({
    ...card,
    amount: 1000,
    payment_method: 'pm_card_authenticationRequired',
    return_url: 'https://shop.example/back',
  });
  const page = next_action?.redirect_to_url?.url ?? '';
  return { page, status: async () => (await stripe.paymentIntents.retrieve(id)).status };
}

describe('a web page that a developer visits', () => {
  it.each<[string, string, string]>([
    ['resets the sandbox', 'POST', 'reset'],
    ['moves its clock', 'POST', 'clock/advance'],
    ['makes it fail', 'POST', 'faults'],
    ['clears its log', 'DELETE', 'requests'],
    ['changes its settings', 'POST', 'settings'],
  ])('%s neither from its own origin nor under a name that leads here', async (_, method, path) => {
    const { url, stripe, control } = await start();
    await stripe.customers.create({ name: 'Jenny' });
    const address = `${url}/_sandbox/${path}`;
    const { host } = new URL(url);
    for (const headers of [
      { origin: EVIL },
      { origin: 'null' },
      { origin: 'http://127.0.0.1:1' },
      { origin: `http://${host}.evil.example` },
      { host: 'rebound.evil.example' },
      { host: 'rebound.evil.example', origin: 'http://rebound.evil.example' },
    ]) {
      expect(await send(address, method, headers, '{"seconds":1}'), JSON.stringify(headers)).toBe(403);
    }
    expect((await stripe.customers.list()).data).toHaveLength(1);
    expect(await control('GET', 'clock')).toMatchObject({ offset_seconds: 0 });
  });

  it('reads nothing under a name that leads here', async () => {
    const harness = await start();
    const { page } = await asksCustomer(harness);
    for (const url of [`${harness.url}/_sandbox/requests`, page]) {
      expect(await send(url, 'GET', { host: 'rebound.evil.example' })).toBe(403);
      expect(await send(url, 'GET', {})).toBe(200);
    }
  });

  it('sends no form of the sandbox’s: neither across origins nor without the token of the page', async () => {
    const harness = await start();
    const { page, status } = await asksCustomer(harness);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await send(page, 'POST', { ...form, origin: EVIL }, 'outcome=succeeded')).toBe(403);
    expect(await send(page, 'POST', form, 'outcome=succeeded')).toBe(403);
    expect(await send(page, 'POST', form, `outcome=succeeded&csrf_token=${'0'.repeat(64)}`)).toBe(403);
    expect(await status()).toBe('requires_action');
    expect((await sendForm(page, { outcome: 'succeeded' })).status).toBe(303);
    expect(await status()).toBe('succeeded');
  });

  it('shows no page of the sandbox’s in a frame', async () => {
    const { page } = await asksCustomer(await start());
    const { headers } = await fetch(page);
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });
});

describe('the controls are there for', () => {
  it.each(['localhost:12111', '[::1]:12111', '127.0.0.1', 'sandbox:12111', 'pay.example'])(
    'whoever reaches the sandbox as %s',
    async (host) => {
      const { url } = await start({ publicUrl: 'https://pay.example' });
      const advance = `${url}/_sandbox/clock/advance`;
      expect(await send(advance, 'POST', { host }, '{"seconds":1}')).toBe(200);
      expect(await send(advance, 'POST', { host, origin: `http://${host}` }, '{"seconds":1}')).toBe(200);
    },
  );
});
