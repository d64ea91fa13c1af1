import type { Activities } from '../../activities/index.ts';
import type { OperationOutcome } from '../../contract/operations.ts';
import type { AccountFacts } from '../../domain/accounts/account.ts';
import { problem } from '../../domain/errors.ts';
import type { AccountFunds, PayoutFacts, StripePayoutStatus } from '../../domain/payouts/payout.ts';
import { accountFacts, NOTHING_DUE, payoutFacts } from './builders.ts';

const WAITING = accountFacts({
  capabilities: { transfers: 'inactive' },
  detailsSubmitted: false,
  payoutsEnabled: false,
  requirements: { ...NOTHING_DUE, currentlyDue: ['individual.dob.day'] },
});
const FUNDED: AccountFunds = { available: 1_000, instantAvailable: null, pending: [] };
const POOR: AccountFunds = { available: 0, instantAvailable: null, pending: [] };

type SellerActivities = Omit<Activities, 'findEffect' | 'verifyEffect'>;

/**
 * Stands in for Stripe's side of accounts and payouts: an account waits for a person to be added, a payout for funds at
 * its first try, and each payout is seen one step further at each reading: the first fails, the next is paid.
 */
export class ScriptedSeller {
  /** By Stripe's id: flows run side by side. */
  readonly #accounts = new Map<string, AccountFacts>();
  readonly #tries = new Map<string, number>();
  readonly #readings = new Map<string, number>();

  readonly activities = {
    create_account: async ({ reference }) => this.#answered(`acct_${reference}`, WAITING),
    connect_account: async ({ reference }) =>
      this.#answered(`acct_${reference}`, accountFacts({ type: 'standard' })),
    update_account: async ({ account: id, changes }) => {
      const known = this.#of(id);
      return this.#answered(id, { ...known, metadata: changes.metadata ?? known.metadata });
    },
    add_person: async ({ account: id }) => this.#answered(id, accountFacts()),
    add_external_account: async ({ account: id }) => this.#answered(id, this.#of(id)),
    reject_account: async ({ account: id }) =>
      this.#answered(
        id,
        accountFacts({ requirements: { ...NOTHING_DUE, disabledReason: 'rejected.fraud' } }),
      ),
    deauthorize_account: async (): Promise<OperationOutcome> => ({
      type: 'disconnected',
      stripeRequestId: 'req_deauthorize',
    }),
    readAccount: async (id) => this.#of(id),
    signalOrders: async () => undefined,
    payout: async ({ payoutId, operationId, terms }): Promise<OperationOutcome> => {
      const tries = (this.#tries.get(payoutId) ?? 0) + 1;
      this.#tries.set(payoutId, tries);
      const stripeRequestId = `req_${operationId}`;
      if (terms.whenAvailable && tries === 1) {
        const why = problem('stripe_refused', 'Insufficient funds.', { stripeCode: 'balance_insufficient' });
        return { type: 'funds_missing', funds: POOR, problem: why, stripeRequestId };
      }
      return { type: 'payout', payout: payoutFacts({ id: `po_${payoutId}_${tries}` }), stripeRequestId };
    },
    cancel_payout: async ({ payout: id }): Promise<OperationOutcome> => ({
      type: 'payout',
      payout: payoutFacts({ id, status: 'canceled' }),
      stripeRequestId: 'req_cancel',
    }),
    readPayout: async (_, id): Promise<PayoutFacts> => {
      const readings = (this.#readings.get(id) ?? 0) + 1;
      this.#readings.set(id, readings);
      const course: readonly StripePayoutStatus[] = id.endsWith('_2')
        ? ['in_transit', 'paid', 'failed']
        : ['in_transit', 'paid'];
      return payoutFacts({ id, status: course[readings - 1] ?? course.at(-1) ?? 'paid' });
    },
    readFunds: async () => FUNDED,
  } satisfies Partial<SellerActivities>;

  #of(id: string): AccountFacts {
    return this.#accounts.get(id) ?? { ...WAITING, id };
  }

  #answered(id: string, facts: AccountFacts): OperationOutcome {
    const account = { ...facts, id };
    this.#accounts.set(id, account);
    return { type: 'account', account, stripeRequestId: 'req_account' };
  }
}
