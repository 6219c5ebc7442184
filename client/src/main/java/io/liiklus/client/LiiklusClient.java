package io.liiklus.client;

import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Client of one deployment of gateways: connects when it is first needed, and again by itself.
 * Thread-safe.
 *
 * <pre>{@code
 * try (var client = LiiklusClient.connect("127.0.0.1:6565")) {
 *   client.publisher().publish("greetings", "en", "hello").join();
 *   try (var consumer = client.consumer("greetings", "greeters").handle(System.out::println)) {
 *     Thread.sleep(10_000);
 *   }
 * }
 * }</pre>
 *
 * <p>Publishes and consuming have a connection each: a fault of HTTP/2 in one ends nothing of the
 * other.
 */
public final class LiiklusClient implements AutoCloseable {

  private final Builder options;
  private final ClientListener listener;
  private final ScheduledExecutorService loop;
  private final List<AutoCloseable> open = new ArrayList<>();

  // Guarded by this; null until needed.
  private GatewayChannel publishing;
  private GatewayChannel consuming;
  private Publisher publisher;
  private boolean isClosed;

  private LiiklusClient(Builder options) {
    this.options = options;
    this.listener = new SafeListener(options.listener);
    this.loop =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              var thread = new Thread(task, "liiklus-client");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * A client without TLS and token.
   *
   * @param addresses {@code host:port} of gateways of one deployment; the first that answers is
   *     used, and another one where it drains or is gone
   */
  public static LiiklusClient connect(String... addresses) {
    return builder(addresses).connect();
  }

  /**
   * @param addresses as for {@link #connect}
   */
  public static Builder builder(String... addresses) {
    return new Builder(Arrays.stream(addresses).map(GatewayAddress::parse).toList());
  }

  /** Settings of a client. Confined to the thread that makes it. */
  public static final class Builder {

    private static final Duration SHORTEST_KEEP_ALIVE = Duration.ofSeconds(10);

    private final List<GatewayAddress> addresses;
    private ChannelCredentials credentials = InsecureChannelCredentials.create();
    private Supplier<String> token;
    private Duration keepAlive = Duration.ofSeconds(30);
    private int maxReplyBytes = 16 << 20;
    private ClientListener listener = new ClientListener() {};

    private Builder(List<GatewayAddress> addresses) {
      if (addresses.isEmpty()) {
        throw new IllegalArgumentException("addresses: are empty; at least one host:port");
      }
      this.addresses = addresses;
    }

    /** Connects with TLS, and trusts what the JVM trusts. */
    public Builder tls() {
      return tls(TlsChannelCredentials.create());
    }

    /** Connects with these, as {@link TlsChannelCredentials} of own certificates. */
    public Builder tls(ChannelCredentials tls) {
      credentials = Objects.requireNonNull(tls);
      return this;
    }

    /** Is asked for the token of each call, on the client's thread, which it must not block. */
    public Builder token(Supplier<String> supplier) {
      token = Objects.requireNonNull(supplier);
      return this;
    }

    /** Silence after which the connection is checked; 10 s or more. */
    public Builder keepAlive(Duration silence) {
      if (silence.compareTo(SHORTEST_KEEP_ALIVE) < 0) {
        throw new IllegalArgumentException("keepAlive: " + silence + " is not allowed; from 10 s");
      }
      keepAlive = silence;
      return this;
    }

    /**
     * Size of the largest reply, 16 MiB by default; as large as the gateway's records, at least.
     */
    public Builder maxReplyBytes(int bytes) {
      maxReplyBytes = bytes;
      return this;
    }

    /** Hooks for metrics. */
    public Builder listener(ClientListener hooks) {
      listener = Objects.requireNonNull(hooks);
      return this;
    }

    /** Returns at once; the connection is made when it is needed. */
    public LiiklusClient connect() {
      return new LiiklusClient(this);
    }

    List<GatewayAddress> addresses() {
      return addresses;
    }

    ChannelCredentials credentials() {
      return credentials;
    }

    /** Null: calls have none. */
    Supplier<String> token() {
      return token;
    }

    Duration keepAlive() {
      return keepAlive;
    }

    int maxReplyBytes() {
      return maxReplyBytes;
    }
  }

  /** The publisher that all users of this client share. */
  public synchronized Publisher publisher() {
    if (publisher == null) {
      publisher = publisher(PublisherOptions.DEFAULTS);
    }
    return publisher;
  }

  /** A publisher of its own, to be closed, at the latest by the close of this client. */
  public synchronized Publisher publisher(PublisherOptions options) {
    requireOpen();
    var opened = new Publisher(publishingChannel(), options, listener);
    open.add(opened);
    return opened;
  }

  /**
   * A channel for other calls, as {@code GetOffsets}: with the client's addresses, TLS and token,
   * on the connection that consuming uses. Answers of asynchronous stubs come on the client's
   * thread, which they must not block.
   */
  public synchronized Channel channel() {
    requireOpen();
    return consumingChannel().channel();
  }

  /** A consumer to be, of a group's records; its handler starts it. */
  public ConsumerBuilder consumer(String topic, String group) {
    return new ConsumerBuilder(this, topic, group);
  }

  synchronized Consumer start(ConsumerBuilder consumer) {
    requireOpen();
    var deadLetters = consumer.retry().deadLetterTopic().isEmpty() ? null : publisher();
    var started = Consumer.start(consumer, consumingChannel(), deadLetters, listener);
    open.add(started);
    var unused = started.ended().whenComplete((done, failure) -> forget(started));
    return started;
  }

  private synchronized void forget(Consumer ended) {
    open.remove(ended);
  }

  private GatewayChannel publishingChannel() {
    if (publishing == null) {
      publishing = GatewayChannel.open(options, loop);
    }
    return publishing;
  }

  private GatewayChannel consumingChannel() {
    if (consuming == null) {
      consuming = GatewayChannel.open(options, loop);
    }
    return consuming;
  }

  private void requireOpen() {
    if (isClosed) {
      throw new IllegalStateException("the client is closed");
    }
  }

  /** Closes consumers and publishers, which drains them, then the connections. */
  @Override
  public void close() {
    List<AutoCloseable> closed;
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      closed = new ArrayList<>(open);
    }
    // Consumers first: they may publish dead letters.
    closed.stream().filter(Consumer.class::isInstance).forEach(LiiklusClient::close);
    closed.stream().filter(Publisher.class::isInstance).forEach(LiiklusClient::close);
    synchronized (this) {
      if (publishing != null) {
        publishing.close();
      }
      if (consuming != null) {
        consuming.close();
      }
    }
    loop.shutdownNow();
  }

  private static void close(AutoCloseable part) {
    try {
      part.close();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
