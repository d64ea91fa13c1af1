import { noSuch } from '../http/errors.ts';
import { anything, hash, oneOf, optional, required, text } from '../http/params.ts';
import { route } from '../http/route.ts';
import { view } from '../views/index.ts';

const purpose = oneOf(
  'account_requirement',
  'additional_verification',
  'business_icon',
  'business_logo',
  'customer_signature',
  'dispute_evidence',
  'identity_document',
  'pci_document',
  'tax_document_user_upload',
);

/** `file` is what the multipart reader keeps of the upload. */
const create = route(
  'POST',
  '/v1/files',
  {
    file: required(hash({ filename: optional(text), size: required(text), type: optional(text) })),
    file_link_data: optional(anything),
    purpose: required(purpose),
  },
  (ctx, params) => {
    const file = ctx.tx.put('file', {
      id: ctx.ids.owned('file', ctx.account),
      owner: ctx.account,
      created: ctx.now,
      filename: params.file.filename ?? null,
      purpose: params.purpose,
      size: Number(params.file.size),
      title: null,
      type: params.file.type ?? null,
    });
    return view(ctx, 'file', file);
  },
);

const retrieve = route('GET', '/v1/files/:file', {}, (ctx, _params, ids) => {
  const file = ctx.tx.get('file', ids.file);
  if (!file || file.owner !== ctx.account) throw noSuch('file upload', ids.file, 'file', 404);
  return view(ctx, 'file', file);
});

export const fileRoutes = [create, retrieve];
