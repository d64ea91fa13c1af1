import type { Connection } from '@temporalio/client';
import { GRPC } from './grpc-code.ts';

type Call = ReturnType<ReturnType<InstanceType<typeof Connection.Client>['getChannel']>['createCall']>;

/**
 * A call on a channel that is closed: it ends as canceled. gRPC's own channel throws instead, also where the SDK repeats a call from a timer,
 * where nobody catches it and the process ends.
 */
export function closedCall(): Call {
  const nothing = (): void => {};
  return {
    start(metadata, listener) {
      const details = 'The connection is closed.';
      const status = { code: GRPC.CANCELLED, details, metadata: metadata.clone() };
      queueMicrotask(() => listener.onReceiveStatus(status));
    },
    cancelWithStatus: nothing,
    sendMessageWithContext: nothing,
    startRead: nothing,
    halfClose: nothing,
    setCredentials: nothing,
    getPeer: () => '',
    getCallNumber: () => 0,
    getAuthContext: () => null,
  };
}
