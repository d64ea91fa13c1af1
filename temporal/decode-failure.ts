import type { Client } from '@temporalio/client';
import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';

/** A failure as Temporal stores it. */
export type RawFailure = Parameters<typeof decodeOptionalFailureToOptionalError>[1];

/** A failure that was read past the client's own methods, decrypted like theirs. */
export function decodeFailure({ options }: Client, failure: RawFailure): Promise<Error | undefined> {
  return decodeOptionalFailureToOptionalError(options.loadedDataConverter, failure);
}
