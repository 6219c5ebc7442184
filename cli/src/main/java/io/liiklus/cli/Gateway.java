package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc.LiiklusServiceStub;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultThreadFactory;
import io.liiklus.client.ClientListener;
import io.liiklus.client.GatewayAddress;
import io.liiklus.client.LiiklusClient;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Client of a gateway, and the one thread, "the loop", of a command's run. Thread-safe. */
final class Gateway implements AutoCloseable {

  private final Connection connection;
  private final LiiklusClient client;
  private final ScheduledExecutorService loop;

  /** The last one that a call had; null: none had any. */
  private volatile String usedToken;

  /** The one that the open stream began with; null: none is open. */
  private volatile String streamToken;

  private Gateway(Connection connection, ClientListener listener) {
    this.connection = connection;
    this.loop =
        Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("liiklus-cli", true));
    var builder =
        LiiklusClient.builder(
                connection.addresses().all().stream()
                    .map(GatewayAddress::toString)
                    .toArray(String[]::new))
            .listener(listener);
    connection.tls().ifPresent(builder::tls);
    connection
        .token()
        .ifPresent(
            token ->
                builder.token(
                    () -> {
                      usedToken = token.text();
                      return usedToken;
                    }));
    this.client = builder.connect();
  }

  /**
   * @param listener is called on the client's thread, which it must not block
   */
  static Gateway open(Connection connection, ClientListener listener) {
    return new Gateway(connection, listener);
  }

  GatewayAddresses address() {
    return connection.addresses();
  }

  /** A stream was opened, just now. */
  void onStreamOpened() {
    streamToken = usedToken;
  }

  /**
   * A stream has ended. Returns whether there is another token by now: the stream's has expired,
   * and its issuer has put the next one into the file.
   */
  boolean onStreamEnded() {
    var began = streamToken;
    streamToken = null;
    return began != null && connection.token().filter(token -> token.isReplaced(began)).isPresent();
  }

  LiiklusClient client() {
    return client;
  }

  ScheduledExecutorService loop() {
    return loop;
  }

  /** Runs a task on the loop, later. */
  void schedule(Runnable task, long delayMs) {
    var unused = loop.schedule(task, delayMs, TimeUnit.MILLISECONDS);
  }

  /** For calls that the client has no methods for; their answers come on the loop. */
  LiiklusServiceStub stub() {
    return LiiklusServiceGrpc.newStub(client.channel()).withExecutor(loop);
  }

  @Override
  public void close() {
    client.close();
    loop.shutdownNow();
  }
}
