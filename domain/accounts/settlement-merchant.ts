import type { Problem } from '../errors.ts';
import { problem } from '../errors.ts';
import type { SettlementMerchant } from '../orders/merchant.ts';
import type { AccountFacts } from './account.ts';
import { accountStatus } from './account.ts';

/** Countries among which self-serve cross-border transfers work: US, CA, UK, CH and the EEA. */
const OPEN_REGION: ReadonlySet<string> = new Set([
  ...['US', 'CA', 'GB', 'CH'],
  ...['AT', 'BE', 'BG', 'CY', 'CZ', 'DE', 'DK', 'EE', 'ES', 'FI', 'FR', 'GR', 'HR', 'HU', 'IE'],
  ...['IS', 'IT', 'LI', 'LT', 'LU', 'LV', 'MT', 'NL', 'NO', 'PL', 'PT', 'RO', 'SE', 'SI', 'SK'],
]);

export function inOneRegion(one: string, other: string): boolean {
  return one === other || (OPEN_REGION.has(one) && OPEN_REGION.has(other));
}

/** The settlement merchant is the platform, unless the charge is made on behalf of the connected account. */
export function settlementMerchantOf(
  platform: AccountFacts,
  connected: AccountFacts,
  onBehalfOf: boolean,
): SettlementMerchant {
  const merchant = onBehalfOf ? connected : platform;
  return {
    merchant: onBehalfOf ? connected.id : 'platform',
    country: merchant.country,
    currency: merchant.currency,
    statementDescriptor: merchant.statementDescriptor,
    delayDays: merchant.payoutSchedule?.delayDays ?? null,
  };
}

/** Any of them lets an account receive transfers (Stripe's own list). */
const RECEIVING = ['transfers', 'crypto_transfers', 'legacy_payments'];

export function canReceive({ capabilities }: AccountFacts): boolean {
  return RECEIVING.some((name) => capabilities[name] === 'active');
}

export function canSettle({ capabilities }: AccountFacts): boolean {
  return capabilities.card_payments === 'active';
}

/** Why this account cannot take an order's money now, and what is missing; null if it can. */
export function refusalOfDestination(
  platform: AccountFacts,
  connected: AccountFacts,
  onBehalfOf: boolean,
): Problem | null {
  if (accountStatus(connected) === 'rejected') {
    return notReady(`is rejected (${connected.requirements.disabledReason}) and can take no more orders.`);
  }
  if (onBehalfOf && connected.serviceAgreement === 'recipient') {
    return notReady(
      'is under the recipient service agreement, which rules out card_payments: it cannot be the settlement merchant. Leave on_behalf_of out.',
      'on_behalf_of',
    );
  }
  if (!canReceive(connected)) return notReady(lacking('transfers', connected));
  if (onBehalfOf && !canSettle(connected)) {
    return notReady(`${lacking('card_payments', connected)} on_behalf_of needs it.`, 'on_behalf_of');
  }
  return onBehalfOf ? null : refusalOfRegion(platform, connected);
}

/** Characters of a card statement: the prefix of the settlement merchant, `* `, and the suffix. */
const STATEMENT_MAX = 22;

/** Why the customer's statement cannot show a suffix behind the settlement merchant's prefix; null if it can. */
export function refusalOfSuffix(
  platform: AccountFacts,
  connected: AccountFacts,
  onBehalfOf: boolean,
  suffix: string,
): Problem | null {
  const { statementDescriptorPrefix: prefix } = onBehalfOf ? connected : platform;
  if (prefix === null) return null;
  const room = STATEMENT_MAX - `${prefix}* `.length;
  if (suffix.length <= room) return null;
  return problem(
    'invalid_request',
    `statement_descriptor_suffix has ${suffix.length} characters. A card statement shows ${STATEMENT_MAX}: "${prefix}* " leaves ${room}.`,
    { param: 'statement_descriptor_suffix' },
  );
}

/** Without on_behalf_of the funds settle on the platform, and have to be able to leave its region, in either direction. */
function refusalOfRegion(platform: AccountFacts, connected: AccountFacts): Problem | null {
  const [home, abroad] = [platform.country, connected.country];
  if (home === null || abroad === null || inOneRegion(home, abroad)) return null;
  // Stripe's cross-border payouts: a US platform pays recipients nearly anywhere.
  if (home === 'US' && connected.serviceAgreement === 'recipient') return null;
  return notReady(
    `is in ${abroad}, outside the region of the platform (${home}): funds that settle on the platform cannot be transferred there. Set on_behalf_of, so that they settle in ${abroad}.`,
  );
}

function lacking(capability: string, { id, capabilities, requirements }: AccountFacts): string {
  const status = capabilities[capability] ?? 'unrequested';
  const due = requirements.pastDue.length > 0 ? requirements.pastDue : requirements.currentlyDue;
  const waits = requirements.pendingVerification;
  return [
    `lacks the capability ${capability} (${status}).`,
    ...(due.length > 0 ? [`Stripe requires: ${due.join(', ')}.`] : []),
    ...(due.length === 0 && waits.length > 0 ? [`Stripe is verifying: ${waits.join(', ')}.`] : []),
    ...(status === 'unrequested' ? [`Request it by POST /v1/accounts/${id}/capabilities.`] : []),
  ].join(' ');
}

function notReady(why: string, param = 'connected_account'): Problem {
  return problem('account_not_ready', `The connected account ${why}`, { param });
}
