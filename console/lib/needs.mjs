import { readAll } from './api.mjs';
import { decimalsOf } from './money.mjs';
import { link } from './router.mjs';

const KINDS = { order: '/v1/orders', transfer: '/v1/transfers', payout: '/v1/payouts' };

/** Everything that needs somebody, the most urgent first: by deadline, then by the money at risk, then by age. */
export async function readNeeds() {
  const lists = await Promise.all(
    Object.entries(KINDS).map(([kind, path]) =>
      readAll(path, { needs_attention: true }).then((items) => items.map((item) => needOf(kind, item))),
    ),
  );
  return lists.flat().sort(byUrgency);
}

function needOf(kind, item) {
  const need = item.needs_attention ?? {};
  return {
    key: `${kind} ${item.id}`,
    kind,
    id: item.id,
    href: hrefOf(kind, item),
    code: need.code ?? item.attention_code ?? 'unreadable',
    message: need.message ?? item.unreadable ?? '',
    operation: need.operation ?? null,
    since: need.since ?? item.created,
    deadline: need.deadline ?? null,
    actions: need.allowed_actions ?? [],
    amount: item.amount ?? null,
    currency: item.currency ?? null,
    status: item.status,
    resolvePath: resolvePathOf(kind, item),
  };
}

function hrefOf(kind, { id, connected_account: account }) {
  if (kind === 'payout') return link('/payouts', { account, payout: id });
  return link(`/${kind}s/${encodeURIComponent(id)}`);
}

function resolvePathOf(kind, { id, connected_account: account }) {
  if (kind === 'payout') return `/v1/accounts/${account}/payouts/${id}/resolve`;
  return `${KINDS[kind]}/${encodeURIComponent(id)}/resolve`;
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
