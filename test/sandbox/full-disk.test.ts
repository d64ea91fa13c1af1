import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Stripe from 'stripe';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/free-port.ts';
import { projectRoot } from '../../dev/project-root.ts';
import { ensureBuilt } from '../support/build.ts';
import { WITHIN } from '../support/within.ts';
import { card, errorOf } from './support.ts';

// Room for some requests, and not for a multiple of what one writes.
const ROOM_BYTES = 40_000;
const home = mkdtempSync(join(tmpdir(), 'sandbox-full-'));
const dataDir = join(home, 'sandbox');
const journal = join(dataDir, 'journal.jsonl');

let part: ChildProcess | undefined;
let output = '';
let stripe: Stripe;

beforeAll(() => ensureBuilt(), 300_000);
afterEach(() => stop());
afterAll(() => rmSync(home, { recursive: true }));

async function stop(): Promise<void> {
  if (part?.exitCode === null && part.kill('SIGKILL')) await once(part, 'exit');
  part = undefined;
}

/** In a process whose files can't grow beyond `fileBytes`: the kernel takes a part of a line and then refuses, as a full disk does. */
async function run(fileBytes: number | 'unlimited'): Promise<ChildProcess> {
  const port = await freePort();
  output = '';
  const script = join(projectRoot, 'dist/dev/sandbox.js');
  const child = spawn('prlimit', [`--fsize=${fileBytes}:unlimited`, process.execPath, script], {
    env: { PATH: process.env.PATH ?? '', WAYBILL_HOME: home, SANDBOX_PORT: String(port) },
  });
  part = child;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  stripe = new Stripe('sk_test_waybill', {
    host: '127.0.0.1',
    port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
  return child;
}

const says = (text: string) => vi.waitFor(() => expect(output).toContain(text), WITHIN);
const isUp = () => says('The Stripe sandbox answers');
const pay = (key: string) => stripe.paymentIntents.create({ ...card, amount: 1000 }, { idempotencyKey: key });
const lines = () => readFileSync(journal, 'utf8').split('\n').slice(0, -1);

describe('a sandbox whose disk is full', () => {
  it('answers with an error, keeps what it answered, and goes on once there is room', async () => {
    mkdirSync(dataDir, { recursive: true });
    await run('unlimited');
    await isUp();
    const paid = [(await pay('key-0')).id];
    await stop();
    const child = await run(statSync(journal).size + ROOM_BYTES);
    await isUp();
    let failure: unknown;
    while (failure === undefined) {
      await pay(`key-${paid.length}`).then(
        ({ id }) => paid.push(id),
        (error) => {
          failure = error;
        },
      );
    }
    expect(paid.length).toBeGreaterThan(1);
    expect(failure).toMatchObject({ type: 'StripeAPIError', statusCode: 500 });
    await says('journal.jsonl could not be written');
    const before = readFileSync(journal, 'utf8');
    expect(await errorOf(pay('key-other'))).toMatchObject({ statusCode: 500 });
    expect(readFileSync(journal, 'utf8').startsWith(before)).toBe(true);
    expect(() => lines().map((line) => JSON.parse(line))).not.toThrow();
    expect(readFileSync(journal, 'utf8').endsWith('\n')).toBe(true);

    execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited:unlimited']);
    paid.push((await pay(`key-${paid.length}`)).id, (await pay('key-other')).id);
    await stop();
    await run('unlimited');
    await isUp();
    const kept = await stripe.paymentIntents.list({ limit: 100 });
    expect(kept.data.map(({ id }) => id)).toEqual(paid.toReversed());
    expect((await pay('key-0')).id).toBe(paid[0]);
  });

  it('does not start where it cannot pack its journal, and leaves it as it was', async () => {
    const before = readFileSync(journal);
    const child = await run(before.length >> 1);
    const [code] = await once(child, 'close');
    expect(code).not.toBe(0);
    expect(output).toContain('journal.jsonl could not be written');
    expect(readFileSync(journal)).toEqual(before);
    expect(readdirSync(dataDir)).toEqual(['journal.jsonl']);
  });
});
