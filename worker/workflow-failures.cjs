// The failures of workflow code. The worker that loads the bundle says whether they are encrypted (worker/bundle.ts): a bundle
// is made before any key is known.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({
  encodeCommonAttributes: globalThis.WAYBILL_ENCRYPTED === true,
});
