import type { Context } from '../core/context.ts';
import { checkParents } from '../flows/parents.ts';
import { noSuch } from '../http/errors.ts';
import { created, createdMatches, filtered, listPage, ownRows, pageShape } from '../http/pagination.ts';
import { optional, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import type { EarlyFraudWarning } from '../objects/disputes.ts';
import { view } from '../views/index.ts';

const PATH = '/v1/radar/early_fraud_warnings';

function findWarning(ctx: Context, id: string): EarlyFraudWarning {
  const warning = ctx.tx.get('early_fraud_warning', id);
  if (!warning || warning.owner !== ctx.account)
    throw noSuch('early_fraud_warning', id, 'early_fraud_warning', 404);
  return warning;
}

const retrieve = route('GET', '/v1/radar/early_fraud_warnings/:warning', {}, (ctx, _params, ids) =>
  view(ctx, 'early_fraud_warning', findWarning(ctx, ids.warning)),
);

const list = route(
  'GET',
  '/v1/radar/early_fraud_warnings',
  { ...pageShape, charge: optional(text), created, payment_intent: optional(text) },
  (ctx, params) => {
    checkParents(ctx, { charge: params.charge, payment_intent: params.payment_intent });
    const kept = filtered(
      ownRows(ctx, 'early_fraud_warning', params),
      (row) =>
        (params.charge === undefined || row.charge === params.charge) &&
        (params.payment_intent === undefined || row.payment_intent === params.payment_intent) &&
        createdMatches(params.created, row.created),
    );
    return listPage(ctx, 'early_fraud_warning', kept, params, PATH);
  },
);

export const earlyFraudWarningRoutes = [retrieve, list];
