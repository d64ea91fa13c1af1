import {
  refusalOfDestination,
  refusalOfSuffix,
  settlementMerchantOf,
} from '../../domain/accounts/settlement-merchant.ts';
import type { Problem } from '../../domain/errors.ts';
import { problem } from '../../domain/errors.ts';
import type { SettlementMerchant } from '../../domain/orders/merchant.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { classify, isNotOurs } from '../../stripe/errors.ts';
import type { OrderBackend } from '../backend/backend.ts';
import { disconnectedAccount } from '../backend/known-account.ts';

interface Destination {
  readonly connectedAccount: string;
  readonly onBehalfOf: boolean;
  /** What the customer's card statement is to say behind the settlement merchant's prefix. */
  readonly suffix: string;
}

/**
 * Refuses an order for an account that cannot take it, saying what is missing; returns who its settlement merchant will be.
 * Null where Stripe cannot be asked or does not know the account: then the order goes its way, and Stripe judges it.
 */
export async function checkDestination(
  backend: OrderBackend,
  orderId: string,
  destination: Destination,
): Promise<SettlementMerchant | null> {
  const { directory, orders } = backend;
  const first = await look(backend, destination);
  if (first.refusal === null) return first.merchant;
  // What is remembered may be the state before its onboarding ended.
  directory.forget(destination.connectedAccount);
  const second = await look(backend, destination);
  // An order that is there was let in when its account could take it: a repeat of its request gets the first answer.
  if (second.refusal === null || (await orders.exists(orderId))) return second.merchant;
  throw new ProblemError(second.refusal);
}

interface Look {
  readonly merchant: SettlementMerchant | null;
  readonly refusal: Problem | null;
}

async function look(
  backend: OrderBackend,
  { connectedAccount, onBehalfOf, suffix }: Destination,
): Promise<Look> {
  const { directory } = backend;
  const reading = Promise.all([directory.platform(), directory.connected(connectedAccount)]);
  const read = await reading.catch((error: unknown) => unreadAccount(backend, connectedAccount, error));
  if ('refusal' in read) return read;
  const [platform, connected] = read;
  return {
    merchant: settlementMerchantOf(platform, connected, onBehalfOf),
    refusal:
      refusalOfDestination(platform, connected, onBehalfOf) ??
      refusalOfSuffix(platform, connected, onBehalfOf, suffix),
  };
}

/** Throws on what is not Stripe's doing. */
async function unreadAccount(backend: OrderBackend, account: string, error: unknown): Promise<Look> {
  const { failure } = classify(error);
  backend.logger.warn(
    { err: error, code: failure.code },
    `The account ${account} could not be read; its order goes on unchecked`,
  );
  const isKnown = isNotOurs(error) && (await disconnectedAccount(backend, account)) !== null;
  return { merchant: null, refusal: isKnown ? disconnected(account) : null };
}

function disconnected(account: string): Problem {
  const why = `The connected account ${account} is disconnected: its owner, or the platform, ended the connection.`;
  return problem('account_not_ready', why, { param: 'connected_account' });
}
