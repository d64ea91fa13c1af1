import type { Context } from '../core/context.ts';
import { closeReview, isOpen } from '../flows/reviews.ts';
import { invalid, noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import { route } from '../http/route.ts';
import type { Review } from '../objects/disputes.ts';
import { view } from '../views/index.ts';

function findReview(ctx: Context, id: string): Review {
  const review = ctx.tx.get('review', id);
  if (!review || review.owner !== ctx.account) throw noSuch('review', id, 'review', 404);
  return review;
}

const retrieve = route('GET', '/v1/reviews/:review', {}, (ctx, _params, ids) =>
  view(ctx, 'review', findReview(ctx, ids.review)),
);

const list = route('GET', '/v1/reviews', { ...pageShape, created }, (ctx, params) => {
  const open = filtered(
    ownRows(ctx, 'review', params),
    (row) => isOpen(row) && createdMatches(params.created, row.created),
  );
  return listPage(ctx, 'review', open, params, '/v1/reviews');
});

const approve = route('POST', '/v1/reviews/:review/approve', {}, (ctx, _params, ids) => {
  const review = findReview(ctx, ids.review);
  if (!isOpen(review)) throw invalid(`Review ${review.id} has already been closed.`);
  return view(ctx, 'review', closeReview(ctx, review, 'approved'));
});

export const reviewRoutes = [retrieve, list, approve];
