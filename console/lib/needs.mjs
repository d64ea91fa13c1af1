import { joined, read, readAll } from './api.mjs';
import { decimalsOf } from './money.mjs';
import { apiPathOf, pageOf } from './places-of.mjs';

const KINDS = {
  order: '/v1/orders',
  transfer: '/v1/transfers',
  payout: '/v1/payouts',
  account: '/v1/accounts',
};
/** Lists are summaries; of so many, the most urgent, the object itself is asked when Waybill tries next. */
const ASKED_MAX = 25;

/** Everything that needs somebody, the most urgent first: by deadline, then by the money at risk, then by age. */
export async function readNeeds() {
  const lists = await Promise.all(
    Object.entries(KINDS).map(([kind, path]) =>
      readAll(path, { needs_attention: true }).then((items) =>
        Object.assign(
          items.map((item) => needOf(kind, item)),
          { isCut: items.isCut },
        ),
      ),
    ),
  );
  const needs = joined(lists).sort(byUrgency);
  await Promise.all(needs.slice(0, ASKED_MAX).map(askNextAttempt));
  return needs;
}

/** What cannot be read now has none to show. */
async function askNextAttempt(need) {
  if (need.isWhole) return;
  const object = await read(need.path).catch(() => null);
  need.nextAttemptAt = object?.needs_attention?.next_attempt_at ?? null;
}

function needOf(kind, item) {
  const need = item.needs_attention ?? {};
  const id = item.reference ?? item.id;
  const named = { ...item, object: kind };
  const path = apiPathOf(named);
  return {
    key: `${kind} ${id}`,
    kind,
    id,
    path,
    href: pageOf(named),
    code: need.code ?? item.attention_code ?? 'unreadable',
    message: need.message ?? item.unreadable ?? '',
    operation: need.operation ?? null,
    since: need.since ?? item.created,
    deadline: need.deadline ?? null,
    nextAttemptAt: need.next_attempt_at ?? null,
    isWhole: kind === 'transfer' || kind === 'account',
    actions: need.allowed_actions ?? [],
    amount: item.amount ?? null,
    currency: item.currency ?? null,
    status: item.status,
    resolvePath: `${path}/resolve`,
  };
}

function byUrgency(a, b) {
  const [deadlineA, deadlineB] = [a, b].map(({ deadline }) =>
    deadline ? Date.parse(deadline) : Number.POSITIVE_INFINITY,
  );
  if (deadlineA !== deadlineB) return deadlineA - deadlineB;
  return major(b) - major(a) || Date.parse(a.since) - Date.parse(b.since);
}

/** Roughly comparable across currencies; to sort by, and for nothing else. */
function major({ amount, currency }) {
  return currency ? amount / 10 ** decimalsOf(currency) : 0;
}
