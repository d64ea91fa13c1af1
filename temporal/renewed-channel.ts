import { Connection } from '@temporalio/client';
import { closedCall } from './closed-call.ts';

type Channel = ReturnType<InstanceType<typeof Connection.Client>['getChannel']>;

/** In gRPC's numbering. */
const READY = 2;

/**
 * A channel that begins again where it has not connected for so long. gRPC's library for Node waits without end for a server that takes
 * the connection and says nothing, such as a machine that hangs and is then replaced (grpc/grpc-node#2785): no packet would ever tell.
 */
class RenewedChannel implements Channel {
  readonly #open: () => Channel;
  readonly #withinMs: number;
  #channel: Channel;
  /** Since when calls find it unconnected; null: the last one did not. */
  #unconnectedSince: number | null = null;
  #isClosed = false;

  constructor(open: () => Channel, withinMs: number) {
    this.#open = open;
    this.#withinMs = withinMs;
    this.#channel = open();
  }

  createCall(...call: Parameters<Channel['createCall']>): ReturnType<Channel['createCall']> {
    if (this.#isClosed) return closedCall();
    this.#renewIfStuck();
    return this.#channel.createCall(...call);
  }

  getConnectivityState(...how: Parameters<Channel['getConnectivityState']>) {
    return this.#channel.getConnectivityState(...how);
  }

  watchConnectivityState(...watch: Parameters<Channel['watchConnectivityState']>): void {
    this.#channel.watchConnectivityState(...watch);
  }

  getChannelzRef() {
    return this.#channel.getChannelzRef();
  }

  getTarget(): string {
    return this.#channel.getTarget();
  }

  close(): void {
    this.#isClosed = true;
    this.#channel.close();
  }

  #renewIfStuck(): void {
    const now = performance.now();
    if (this.#channel.getConnectivityState(false) === READY) {
      this.#unconnectedSince = null;
      return;
    }
    this.#unconnectedSince ??= now;
    if (now - this.#unconnectedSince <= this.#withinMs) return;
    this.#channel.close();
    this.#channel = this.#open();
    this.#unconnectedSince = now;
  }
}

/** For a client's options. It shares no connection with another channel, which may be the one that is stuck. */
export function renewedChannels(withinMs: number) {
  return {
    'grpc.use_local_subchannel_pool': 1,
    channelFactoryOverride: (...where: ConstructorParameters<typeof Connection.Client>): Channel =>
      new RenewedChannel(() => new Connection.Client(...where).getChannel(), withinMs),
  };
}
