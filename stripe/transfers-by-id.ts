import type Stripe from 'stripe';

const PAGE_MAX = 100;

/**
 * Transfers out of a charge, in the order of their ids: a page of its transfer group for a hundred of them. What the group does not
 * show is read by itself. Never more than two calls for each.
 */
export async function transfersById(
  stripe: Stripe,
  { transfer_group: group }: Pick<Stripe.Charge, 'transfer_group'>,
  ids: readonly string[],
  expand: readonly string[] = [],
): Promise<readonly Stripe.Transfer[]> {
  const found = group === null || ids.length < 2 ? new Map() : await inGroup(stripe, group, ids, expand);
  const transfers: Stripe.Transfer[] = [];
  for (const id of ids) {
    transfers.push(found.get(id) ?? (await stripe.transfers.retrieve(id, { expand: [...expand] })));
  }
  return transfers;
}

/** Other charges may share the group of a payment that was taken over: it is not read for longer than each by itself would take. */
async function inGroup(
  stripe: Stripe,
  group: string,
  ids: readonly string[],
  expand: readonly string[],
): Promise<ReadonlyMap<string, Stripe.Transfer>> {
  const wanted = new Set(ids);
  const found = new Map<string, Stripe.Transfer>();
  let left = ids.length * PAGE_MAX;
  const page = { transfer_group: group, limit: PAGE_MAX, expand: expand.map((field) => `data.${field}`) };
  for await (const transfer of stripe.transfers.list(page)) {
    left -= 1;
    if (wanted.has(transfer.id)) found.set(transfer.id, transfer);
    if (found.size === wanted.size || left === 0) break;
  }
  return found;
}
