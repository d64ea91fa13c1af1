import type { Resolve } from '../commands/resolve-command.ts';
import { formatMoney } from '../money/money.ts';
import type { Movement } from '../orders/preview/movements.ts';
import { accountParty } from '../orders/preview/movements.ts';
import type { Preview } from '../orders/preview/preview.ts';
import { summaryOfResolve } from '../orders/preview/preview-decision.ts';
import type { Payout, PayoutTerms } from './payout.ts';
import type { PayoutCommandBody } from './payout-command-table.ts';
import { payoutNotices } from './payout-notices.ts';

const NOTHING: Omit<Preview, 'summary'> = { movements: [], released: 0, hasStripeFee: false };

type Previewed = Pick<PayoutTerms, 'connectedAccount' | 'amount' | 'currency' | 'method' | 'whenAvailable'>;

/** What a new payout would do. `available`: what the account has for it now, in minor units; null: Stripe does not say. */
export function previewOfNewPayout(terms: Previewed, available: number | null): Preview {
  const { amount, connectedAccount, method, whenAvailable } = terms;
  const text = (minor: number) => formatMoney({ amount: minor, currency: terms.currency });
  const where = method === 'instant' ? 'debit card, in minutes' : 'bank';
  const paid = `Pays ${text(amount)} of ${connectedAccount} out to its ${where}.`;
  const movements = [bankMovement(terms)];
  if (available === null || available >= amount) return { ...NOTHING, summary: paid, movements };
  const lack = `Only ${text(available)} of it is available`;
  return whenAvailable
    ? { ...NOTHING, summary: `${paid} ${lack}: it waits until the rest is.`, movements }
    : { ...NOTHING, summary: `${paid} ${lack}: Stripe would refuse it.`, movements: [] };
}

/** What a command would do that the payout's state does not refuse. */
export function previewOfPayoutCommand(payout: Payout, command: PayoutCommandBody): Preview {
  return command.kind === 'cancel' ? previewOfCancel(payout) : previewOfResolve(payout, command);
}

function previewOfCancel({ state, terms }: Payout): Preview {
  if (state.status !== 'pending') {
    return { ...NOTHING, summary: 'Calls the payout off. Nothing of it is at Stripe.' };
  }
  const back = bankMovement(terms, true);
  const summary = `Cancels the payout: ${formatMoney(terms)} goes back to the balance of ${terms.connectedAccount}.`;
  return { ...NOTHING, summary, movements: [back] };
}

/** That nothing is stuck, and how a retry pays: the codes under which a payout waits for a decision about its money. */
const DECIDED: Readonly<Record<string, string>> = {
  payout_failed: 'out once more, in a new payout',
  payout_refused: 'out, if Stripe takes it now',
};

function previewOfResolve(payout: Payout, command: Resolve): Preview {
  const { terms, attention, approvals } = payout;
  const how = attention?.allowedActions.includes(command.action) && DECIDED[attention.code];
  if (!how) {
    const notices = payoutNotices(payout);
    return { ...NOTHING, summary: summaryOfResolve({ attention, notices, approvals }, command) };
  }
  if (command.action === 'retry') {
    const summary = `Pays ${formatMoney(terms)} ${how}.`;
    return { ...NOTHING, summary, movements: [bankMovement(terms)] };
  }
  return {
    ...NOTHING,
    summary: `Leaves ${formatMoney(terms)} in the balance of ${terms.connectedAccount}.`,
  };
}

function bankMovement(
  { connectedAccount, amount, currency }: Pick<PayoutTerms, 'connectedAccount' | 'amount' | 'currency'>,
  isTakenBack = false,
): Movement {
  const account = accountParty(connectedAccount);
  const [from, to] = isTakenBack ? (['bank', account] as const) : ([account, 'bank'] as const);
  return { type: 'payout', from, to, amount, currency, convertedFor: [] };
}
