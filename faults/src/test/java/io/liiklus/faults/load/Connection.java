package io.liiklus.faults.load;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceBlockingStub;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceFutureStub;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liiklus.faults.deployment.Address;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One client's channel to one gateway. Thread-safe. */
public final class Connection implements AutoCloseable {

  /** After so long a silent gateway is taken for gone, as one that is stopped. */
  private static final long KEEP_ALIVE_SECONDS = 10;

  private static final long KEEP_ALIVE_TIMEOUT_SECONDS = 5;

  private final String gateway;
  private final ManagedChannel channel;

  private Connection(String gateway, ManagedChannel channel) {
    this.gateway = gateway;
    this.channel = channel;
  }

  public static Connection to(Address address) {
    return new Connection(
        address.gateway(),
        NettyChannelBuilder.forAddress("127.0.0.1", address.port())
            .usePlaintext()
            .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
            .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_SECONDS, TimeUnit.SECONDS)
            .build());
  }

  public String gateway() {
    return gateway;
  }

  public LiiklusServiceBlockingStub calls(Duration deadline) {
    return LiiklusServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  public LiiklusServiceBlockingStub streams() {
    return LiiklusServiceGrpc.newBlockingStub(channel);
  }

  public LiiklusServiceFutureStub futures(Duration deadline) {
    return LiiklusServiceGrpc.newFutureStub(channel)
        .withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends all calls. */
  @Override
  public void close() {
    channel.shutdownNow();
  }
}
