import { metadataDigests } from '../../domain/orders/metadata.ts';
import type { Backend } from '../backend/backend.ts';
import { compares, equals, isOneOf, pendingFor } from '../backend/visibility-filter.ts';
import { customersOf } from './find-orders.ts';
import type { ListOrdersQuery } from './list-orders-query.ts';

const COMPARISONS = ['gt', 'gte', 'lt', 'lte'] as const;
/** Of no customer: it has no order. */
const NOBODY = 'nobody';

/** What the index is asked for the orders of a list. */
export async function conditionsOf(
  backend: Pick<Backend, 'accountIds' | 'stripe' | 'stripeReads' | 'metadataKeys'>,
  query: ListOrdersQuery,
  actor: string,
): Promise<string[]> {
  const { status, needs_attention: needsAttention, dispute_status: disputeStatus, customer } = query;
  const account = await backend.accountIds.ofOptional(query.connected_account, 'connected_account');
  const conditions = [...pendingFor(query)];
  if (status !== undefined) conditions.push(equals('OrderStatus', status));
  if (needsAttention !== undefined) conditions.push(equals('NeedsAttention', needsAttention));
  if (disputeStatus !== undefined) conditions.push(equals('DisputeStatus', disputeStatus));
  if (account !== undefined) conditions.push(equals('ConnectedAccount', account));
  if (customer !== undefined) conditions.push(equals('Customer', customer));
  if (query.customer_email !== undefined) {
    const customers = await customersOf(backend, query.customer_email, actor);
    conditions.push(isOneOf('Customer', customers.length > 0 ? customers : [NOBODY]));
  }
  for (const [key, value] of Object.entries(query.metadata ?? {})) {
    const digests = backend.metadataKeys.flatMap((secret) => metadataDigests({ [key]: value }, secret));
    conditions.push(isOneOf('MetadataDigests', digests));
  }
  const deadlines: string[] = [];
  for (const comparison of COMPARISONS) {
    const created = query[`created[${comparison}]`];
    const captureBefore = query[`capture_before[${comparison}]`];
    if (created !== undefined) conditions.push(compares('StartTime', comparison, created));
    if (captureBefore !== undefined) deadlines.push(compares('CaptureBefore', comparison, captureBefore));
  }
  // A captured order keeps its deadline, which no longer matters to anybody.
  if (deadlines.length > 0) conditions.push(equals('OrderStatus', 'authorized'), ...deadlines);
  return conditions;
}
