import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type Stripe from 'stripe';
import { AccountDirectory } from '../stripe/account-directory.ts';
import { knownAccount, otherAccount, rememberAccount } from '../temporal/stripe-account.ts';

const AGAIN_AFTER_MS = 2_000;

interface Compared {
  readonly temporal: Client;
  readonly stripe: Stripe;
  readonly livemode: boolean;
  readonly log: Logger;
}

/**
 * Ends this process where its key is of another account than the orders of its namespace: at Stripe nothing of theirs would be found, and new
 * money would move on the wrong account. The first worker's account is remembered. While Stripe does not say whose key it is the worker
 * runs, since orders can be read without Stripe, and asks again.
 */
export async function refuseOtherAccount(compared: Compared): Promise<void> {
  const { temporal, stripe, livemode, log } = compared;
  try {
    const { id } = await new AccountDirectory(stripe).platform();
    const known = await knownAccount(temporal);
    if (known === null) return await rememberAccount(temporal, { id, livemode });
    const problem = otherAccount(known, { id, livemode });
    if (problem === null) return;
    log.fatal(problem);
    process.exit(1);
  } catch (error) {
    log.warn({ err: error }, 'The account of STRIPE_SECRET_KEY could not be read yet');
    setTimeout(() => void refuseOtherAccount(compared), AGAIN_AFTER_MS).unref();
  }
}
