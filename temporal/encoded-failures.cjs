// Failures whose message and stack are a payload, which the codec encrypts. Plain JavaScript: Temporal's SDK loads it by path.
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
