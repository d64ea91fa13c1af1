import { mapBounded } from '../../domain/bounded.ts';
import { problem } from '../../domain/errors.ts';
import type { Backend } from '../backend.ts';
import { ProblemError } from '../problems.ts';
import type { ListResource } from '../schemas/common.ts';
import type { Position } from '../temporal/visibility.ts';

/** How many workflows are asked at once for one page. */
const READS_AT_ONCE = 10;

interface ListRequest<Item> {
  readonly url: string;
  readonly noun: string;
  readonly workflowType: string;
  readonly conditions: readonly string[];
  readonly query: { readonly limit: number; readonly starting_after?: string | undefined };
  workflowId(id: string): string;
  idOf(workflowId: string): string | undefined;
  read(id: string): Promise<Item>;
}

/** A page: which workflows, by visibility; what they are, from each of them. */
export async function listPage<Item>(
  { visibility }: Backend,
  request: ListRequest<Item>,
): Promise<ListResource<Item>> {
  const { limit, starting_after: startingAfter } = request.query;
  const after = startingAfter === undefined ? null : await positionOf(startingAfter);
  const page = await visibility.page(request.workflowType, request.conditions, { limit, after });
  const ids = page.workflowIds.flatMap((workflowId) => request.idOf(workflowId) ?? []);
  const data = await mapBounded(ids, READS_AT_ONCE, readListed);
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

  /** One that cannot be read fails the page: left out, it would look as if it did not exist. */
  async function readListed(id: string): Promise<Item> {
    try {
      return await request.read(id);
    } catch (error) {
      throw new ProblemError(
        problem('unavailable', `The ${request.noun} ${id} cannot be read now. Try again.`),
        {},
        { cause: error },
      );
    }
  }
}
