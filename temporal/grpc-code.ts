import { isGrpcServiceError, ServiceError } from '@temporalio/client';

/** gRPC's own number of what a call to Temporal ended with; null: it failed for another reason. */
export function grpcCodeOf(error: unknown): number | null {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) ? cause.code : null;
}
