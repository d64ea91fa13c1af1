import { isGrpcServiceError, ServiceError } from '@temporalio/client';

/** gRPC's own numbers of how a call ended, as far as they are told apart here. */
export const GRPC = {
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** gRPC's own number of what a call to Temporal ended with; null: it failed for another reason. */
export function grpcCodeOf(error: unknown): number | null {
  return grpcErrorOf(error)?.code ?? null;
}

/** What gRPC says of a failed call; null: it failed for another reason. */
export function grpcErrorOf(error: unknown): { readonly code: number; readonly details: string } | null {
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) ? cause : null;
}
