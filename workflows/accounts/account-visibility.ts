import { ACCOUNT_DIGEST, ACCOUNT_STATUS, CONNECTED_ACCOUNT } from '../../contract/search-attribute-keys.ts';
import type { Account, AccountFacts } from '../../domain/accounts/account.ts';
import { statusOfAccount } from '../../domain/accounts/account.ts';
import { accountDigest } from '../../domain/accounts/account-digest.ts';
import type { View } from '../entity/show.ts';
import { dateOf } from '../shared/time.ts';

/** What the account may do, what Stripe requires, by when. */
export function viewOfAccount(account: Account): View {
  const { facts } = account;
  const status = statusOfAccount(account);
  return {
    lines: [`**${status}** · \`${facts?.id ?? '–'}\``, ...(facts ? describeFacts(facts) : [])],
    attributes: [
      { key: ACCOUNT_STATUS, value: status },
      { key: ACCOUNT_DIGEST, value: facts && accountDigest(facts) },
      { key: CONNECTED_ACCOUNT, value: facts?.id ?? null },
    ],
  };
}

function describeFacts({ capabilities, requirements }: AccountFacts): string[] {
  const { currentDeadline, disabledReason, ...due } = requirements;
  const lists = [
    ['Past due', due.pastDue],
    ['Due', due.currentlyDue.filter((name) => !due.pastDue.includes(name))],
    ['Being verified', due.pendingVerification],
  ] as const;
  return [
    Object.entries(capabilities)
      .map(([name, status]) => `${name}: ${status}`)
      .join(' · ') || 'No capabilities requested.',
    ...(disabledReason === null ? [] : [`Disabled: \`${disabledReason}\``]),
    ...(currentDeadline === null ? [] : [`Deadline: ${dateOf(currentDeadline).toISOString()}`]),
    ...lists.flatMap(([title, names]) => (names.length > 0 ? [`${title}: ${names.join(', ')}`] : [])),
  ];
}
