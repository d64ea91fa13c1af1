import type { Context } from '../core/context.ts';
import { awaitsResponse, endDispute, isOpen, submitEvidence } from '../flows/disputes.ts';
import { emit } from '../flows/events.ts';
import { checkParent, checkParents } from '../flows/parents.ts';
import { invalid, noSuch, StripeError } from '../http/errors.ts';
import {
  counted,
  created,
  createdMatches,
  filtered,
  listPage,
  ownRows,
  pageShape,
} from '../http/pagination.ts';
import type { Field, Parser } from '../http/params.ts';
import {
  anything,
  boolean,
  clearable,
  hash,
  longText,
  mergeMetadata,
  metadata,
  optional,
  text,
} from '../http/params.ts';
import { route } from '../http/route.ts';
import type { Dispute } from '../objects/disputes.ts';
import { EVIDENCE_FILES, EVIDENCE_TEXTS } from '../views/disputes.ts';
import { view } from '../views/index.ts';

function findDispute(ctx: Context, id: string): Dispute {
  const dispute = ctx.tx.get('dispute', id);
  if (!dispute || dispute.owner !== ctx.account) throw noSuch('dispute', id, 'dispute', 404);
  return dispute;
}

const retrieve = route('GET', '/v1/disputes/:dispute', {}, (ctx, _params, ids) =>
  view(ctx, 'dispute', findDispute(ctx, ids.dispute)),
);

const ofCharge = route('GET', '/v1/charges/:charge/dispute', {}, (ctx, _params, ids) => {
  checkParent(ctx, 'charge', ids.charge, 404);
  for (const row of ctx.tx.where('dispute', 'charge', ids.charge)) return view(ctx, 'dispute', row);
  const message = `No dispute for charge: ${ids.charge}`;
  throw new StripeError(404, { message, type: 'invalid_request_error' });
});

const list = route(
  'GET',
  '/v1/disputes',
  { ...pageShape, charge: optional(text), created, payment_intent: optional(text) },
  (ctx, params) => {
    checkParents(ctx, { charge: params.charge, payment_intent: params.payment_intent });
    const ofCharge =
      params.charge === undefined ? undefined : [...ctx.tx.where('dispute', 'charge', params.charge)];
    const rows = ofCharge ?? ownRows(ctx, 'dispute', params);
    const kept = filtered(
      rows,
      (row) =>
        row.owner === ctx.account &&
        (params.payment_intent === undefined || row.payment_intent === params.payment_intent) &&
        createdMatches(params.created, row.created),
    );
    const page = listPage(ctx, 'dispute', kept, params, '/v1/disputes');
    return ofCharge ? counted(page, ofCharge) : page;
  },
);

const named = <T>(names: readonly string[], parse: Parser<T>): Record<string, Field<T | null>> =>
  Object.fromEntries(names.map((name) => [name, optional(clearable(parse))]));

const evidenceHash = hash({
  ...named(EVIDENCE_FILES, text),
  ...named(EVIDENCE_TEXTS, longText),
  enhanced_evidence: optional(anything),
}) as Parser<Record<string, string | null>>;

/** What was said before, with what is new; an empty value takes something back. */
function merged(ctx: Context, before: Dispute, change: Record<string, string | null>): Dispute['evidence'] {
  const evidence: Dispute['evidence'] = { ...before.evidence };
  for (const [name, value] of Object.entries(change)) {
    if (name === 'enhanced_evidence') continue;
    if (value === null) {
      delete evidence[name];
      continue;
    }
    const isFile = (EVIDENCE_FILES as readonly string[]).includes(name);
    if (isFile && ctx.tx.get('file', value)?.owner !== ctx.account) {
      throw noSuch('file upload', value, `evidence[${name}]`);
    }
    evidence[name] = value;
  }
  return evidence;
}

const update = route(
  'POST',
  '/v1/disputes/:dispute',
  { evidence: optional(evidenceHash), metadata: optional(metadata), submit: optional(boolean) },
  (ctx, params, ids) => {
    const before = findDispute(ctx, ids.dispute);
    const answers = params.evidence !== undefined || params.submit === true;
    if (answers && !awaitsResponse(before)) {
      throw invalid(
        isOpen(before)
          ? 'Evidence for this dispute has already been submitted.'
          : 'This dispute is already closed',
      );
    }
    const evidence = merged(ctx, before, params.evidence ?? {});
    const staged = ctx.tx.update('dispute', before.id, {
      evidence,
      evidence_details: { ...before.evidence_details, has_evidence: Object.keys(evidence).length > 0 },
      metadata: mergeMetadata(before.metadata, params.metadata),
    });
    // Evidence goes out at once unless it is only to be kept ready.
    const changed = answers && params.submit !== false ? submitEvidence(ctx, staged) : staged;
    emit(ctx, 'charge.dispute.updated', 'dispute', changed, ctx.account);
    return view(ctx, 'dispute', changed);
  },
);

/** The merchant accepts the loss. */
const close = route('POST', '/v1/disputes/:dispute/close', {}, (ctx, _params, ids) => {
  const before = findDispute(ctx, ids.dispute);
  if (!isOpen(before)) {
    throw invalid('This dispute is already closed');
  }
  return view(ctx, 'dispute', endDispute(ctx, before, 'lost'));
});

export const disputeRoutes = [close, retrieve, update, list, ofCharge];
