import pMap from 'p-map';
import type { SearchAttributeName } from '../../contract/search-attributes.ts';
import { problem } from '../../domain/errors.ts';
import { ProblemError } from '../../domain/problem-error.ts';
import { rfc3339 } from '../../domain/rfc3339.ts';
import { faultOf } from '../../temporal/faults.ts';
import type { ListResource, UnreadableResource } from '../http/common.ts';
import { problemOfStripe } from '../http/stripe-problems.ts';
import type { Backend } from './backend.ts';
import type { Position, Row } from './visibility.ts';

/** How many workflows are asked at once for one page. */
const READS_AT_ONCE = 10;

export interface ListRequest<Item> {
  readonly url: string;
  readonly noun: string;
  readonly workflowType: string;
  readonly conditions: readonly string[];
  readonly query: { readonly limit: number; readonly starting_after?: string | undefined };
  workflowId(id: string): string;
  idOf(workflowId: string): string | undefined;
  /** The item from what Temporal indexed of it; null: not enough. Absent: each is asked. */
  readonly summarize?: ((id: string, row: Row) => Item | null) | undefined;
  /** The whole item, from its workflow. */
  read(id: string): Promise<Item>;
}

/**
 * A page: which workflows and what they are, by visibility alone where the request can summarize; otherwise what they are from each
 * of them.
 */
export async function listPage<Item>(
  { visibility, logger }: Backend,
  request: ListRequest<Item>,
): Promise<ListResource<Item | UnreadableResource>> {
  const { limit, starting_after: startingAfter } = request.query;
  const after = startingAfter === undefined ? null : await positionOf(startingAfter);
  const page = await visibility.page(request.workflowType, request.conditions, { limit, after });
  const listed = page.rows.flatMap((row) => {
    const id = request.idOf(row.workflowId);
    return id === undefined ? [] : [{ id, row }];
  });
  let read = 0;
  let late = 0;
  const { summarize, noun } = request;
  const data = summarize
    ? listed.map(({ id, row }) => summarize(id, row) ?? unreadable(noun, id, row, NO_SUMMARY))
    : await pMap(listed, readListed, { concurrency: READS_AT_ONCE });
  return { object: 'list', url: request.url, has_more: page.hasMore, data };

  async function positionOf(id: string): Promise<Position> {
    const workflowId = request.workflowId(id);
    const startedAt = await visibility.startedAt(workflowId);
    if (startedAt !== null) return { workflowId, startedAt };
    throw new ProblemError(
      problem('invalid_request', `starting_after: there is no ${request.noun} ${id}.`, {
        param: 'starting_after',
      }),
    );
  }

  /** One that cannot be read is shown all the same: left out, it would look as if it did not exist. */
  async function readListed({ id, row }: { id: string; row: Row }): Promise<Item | UnreadableResource> {
    try {
      const item = await request.read(id);
      read += 1;
      return item;
    } catch (error) {
      if (faultOf(error)?.type === 'timeout') late += 1;
      // No worker is there: the rest of the page would only be waited for.
      if (read === 0 && late >= READS_AT_ONCE) {
        const why = 'No worker answers for what is listed. Try again.';
        throw new ProblemError(problem('unavailable', why), {}, { cause: error });
      }
      logger.warn({ err: error }, `Reading the ${request.noun} ${id} for a list failed`);
      return unreadable(request.noun, id, row, whyUnread(error));
    }
  }
}

const A_BUG = 'The API failed to show it; its log says why.';
const NO_SUMMARY = 'Its workflow has not shown itself yet.';

function whyUnread(error: unknown): string {
  if (error instanceof ProblemError) return error.message;
  const fault = faultOf(error);
  if (fault === null) return problemOfStripe(error)?.detail ?? A_BUG;
  if (fault.type === 'timeout') return 'No worker answered in time.';
  return `Its workflow gives no answer: ${error instanceof Error ? error.message : error}`;
}

function unreadable(noun: string, id: string, row: Row, why: string): UnreadableResource {
  return {
    id,
    object: noun,
    unreadable: why,
    status: indexedText(row, 'OrderStatus') ?? indexedText(row, 'PayoutStatus'),
    connected_account: indexedText(row, 'ConnectedAccount'),
    attention_code: indexedText(row, 'AttentionCode'),
    created: rfc3339(row.startedAt),
  };
}

/** Of a keyword that Temporal indexed; null: it has none. */
export function indexedText({ searchAttributes }: Row, name: SearchAttributeName): string | null {
  const value = searchAttributes[name];
  return typeof value === 'string' ? value : null;
}
