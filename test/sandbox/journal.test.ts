import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACCOUNTS, card, held, start } from './support.ts';

let dataDir = '';

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'sandbox-journal-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const journal = (): string => readFileSync(join(dataDir, 'journal.jsonl'), 'utf8');

const payment = { ...card, amount: 1000, transfer_data: { destination: ACCOUNTS.usCustom, amount: 877 } };

describe('a sandbox with a data directory', () => {
  // Nothing is told to the first sandbox before the second reads its file: that is all that a kill leaves.
  it('goes on after a kill with everything it had answered', async () => {
    const before = await start({ dataDir });
    const intent = await before.stripe.paymentIntents.create(payment, { idempotencyKey: 'order-1' });
    const after = await start({ dataDir });

    expect(await after.stripe.paymentIntents.retrieve(intent.id)).toEqual(
      await before.stripe.paymentIntents.retrieve(intent.id),
    );
    expect(after.sandbox.ledger()).toEqual(before.sandbox.ledger());
    expect(held(after.sandbox, ACCOUNTS.usCustom)).toBe(877);
  });

  it('replays an answer given before the kill, and takes no money twice', async () => {
    const before = await start({ dataDir });
    const first = await before.stripe.paymentIntents.create(payment, { idempotencyKey: 'order-1' });
    const after = await start({ dataDir });
    const again = await after.stripe.paymentIntents.create(payment, { idempotencyKey: 'order-1' });

    expect(again.id).toBe(first.id);
    expect(again.lastResponse.headers).toMatchObject({
      'idempotent-replayed': 'true',
      'original-request': first.lastResponse.requestId,
    });
    expect(held(after.sandbox, ACCOUNTS.usCustom)).toBe(877);
  });

  it('forgets a line that was only half written, and writes on behind it', async () => {
    const before = await start({ dataDir });
    const first = await before.stripe.paymentIntents.create(payment);
    appendFileSync(join(dataDir, 'journal.jsonl'), '[["payment_intent","pi_torn",{"id":"pi_to');
    const after = await start({ dataDir });
    const second = await after.stripe.paymentIntents.create(payment);
    const last = await start({ dataDir });

    expect((await last.stripe.paymentIntents.list()).data.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(held(last.sandbox, ACCOUNTS.usCustom)).toBe(2 * 877);
  });

  it('does not give an id a second time', async () => {
    const before = await start({ dataDir });
    const first = await before.stripe.paymentIntents.create(payment);
    const after = await start({ dataDir });
    const second = await after.stripe.paymentIntents.create(payment);
    expect(second.id).not.toBe(first.id);
  });

  it('keeps the time it was moved to, and does at boot what came due meanwhile', async () => {
    const before = await start({ dataDir });
    await before.stripe.paymentIntents.create({ ...payment, capture_method: 'manual' });
    before.sandbox.advance(86_400);
    const after = await start({ dataDir });
    expect(await after.control('GET', 'clock')).toEqual(await before.control('GET', 'clock'));
    after.sandbox.advance(6 * 86_400);
    expect((await after.stripe.paymentIntents.list()).data[0]).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'automatic',
    });
  });

  it('compacts at boot: what changed often is kept once', async () => {
    const before = await start({ dataDir });
    const intent = await before.stripe.paymentIntents.create({ ...payment, capture_method: 'manual' });
    for (let i = 0; i < 20; i += 1) {
      await before.stripe.paymentIntents.update(intent.id, { metadata: { round: String(i) } });
    }
    const versions = (): number => journal().split(`["payment_intent","${intent.id}",`).length - 1;
    expect(versions()).toBeGreaterThan(20);
    const after = await start({ dataDir });
    expect(versions()).toBe(1);
    expect((await after.stripe.paymentIntents.retrieve(intent.id)).metadata).toEqual({ round: '19' });
  });

  it('is empty again after a reset, on disk too', async () => {
    const before = await start({ dataDir });
    await before.stripe.paymentIntents.create(payment);
    await before.control('POST', 'reset');
    const after = await start({ dataDir });
    expect((await after.stripe.paymentIntents.list()).data).toEqual([]);
    expect(after.sandbox.ledger().accounts).toEqual([]);
  });
});
