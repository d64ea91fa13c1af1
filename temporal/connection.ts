import type { ConnectionOptions } from '@temporalio/client';
import { defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import { GRPC } from './grpc-code.ts';
import { renewedChannels } from './renewed-channel.ts';

/** Delays of 0.2, 0.3 and 0.5 s: a server that restarts behind its load balancer is back by then. */
const UNAVAILABLE_RETRIES_MAX = 3;

/** gRPC's own are a second at first, and two minutes at most: a long outage would last as much longer. */
const RECONNECT = {
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 1_000,
} as const;

/**
 * As the SDK means to have it: it leaves out the `grpc.` of the name, so that gRPC's own 4 MB hold. A list of a thousand orders with
 * four kilobytes of metadata each is larger.
 */
const LARGE_ANSWERS = { 'grpc.max_receive_message_length': 128 * 1024 * 1024 } as const;

/** gRPC's own limit on an attempt to connect (MIN_CONNECT_TIMEOUT). */
const CONNECTED_WITHIN_MS = 20_000;

/** For a process whose callers wait: it finds out within a second that Temporal is gone, and that it is back. */
export function impatient(
  options: ConnectionOptions,
  connectedWithinMs = CONNECTED_WITHIN_MS,
): ConnectionOptions {
  const { delayFunction, retryableDecider } = defaultGrpcRetryOptions();
  const retries = makeGrpcRetryInterceptor({
    delayFunction,
    retryableDecider: (attempt, status) =>
      retryableDecider(attempt, status) &&
      (status.code !== GRPC.UNAVAILABLE || attempt <= UNAVAILABLE_RETRIES_MAX),
  });
  return {
    ...options,
    channelArgs: { ...RECONNECT, ...LARGE_ANSWERS, ...renewedChannels(connectedWithinMs) },
    interceptors: [retries],
  };
}
