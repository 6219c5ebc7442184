package io.liiklus.aws.dynamodb;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/**
 * The SDK's client, once there are a region and credentials. Thread-safe.
 *
 * <p>Threads: the SDK blocks while it looks for them, so {@code liiklus-dynamodb} does that. While
 * it looks, all callers wait for one look. Answers come on {@code liiklus-dynamodb-io}.
 */
final class DynamoAccess implements AutoCloseable {

  /** Requests under way; each has a connection. */
  private static final int MAX_CONNECTIONS = 64;

  /** A findVersions has two requests at once. */
  private static final int REQUESTS_OF_A_CALL = 2;

  private static final int IO_THREADS = 1;
  private static final String IO_THREAD = "liiklus-dynamodb-io";
  private static final Duration CLOSE_BOUND = Duration.ofSeconds(2);

  private final DynamoSettings settings;
  private final CachedCredentials credentials;
  private final ExecutorService thread;

  /** Of its own, as the SDK would wait for two seconds when it closes one. */
  private final SdkEventLoopGroup loops =
      SdkEventLoopGroup.builder()
          .numberOfThreads(IO_THREADS)
          .threadFactory(task -> daemon(task, IO_THREAD))
          .build();

  // Any thread.
  private volatile DynamoDbAsyncClient client;
  private volatile boolean isClosed;

  // Guarded by this.
  private CompletableFuture<DynamoDbAsyncClient> look;

  DynamoAccess(DynamoSettings settings, CachedCredentials credentials) {
    this.settings = settings;
    this.credentials = credentials;
    // One look at a time, and one wait for each table: the queue stays short.
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(task, "liiklus-dynamodb"));
  }

  private static Thread daemon(Runnable task, String name) {
    var made = new Thread(task, name);
    made.setDaemon(true);
    return made;
  }

  /** The client, with credentials that are valid just now. */
  CompletionStage<DynamoDbAsyncClient> client() {
    var known = client;
    if (known == null || !credentials.areValid()) {
      return look();
    }
    if (credentials.areDue()) {
      // Those that are there serve meanwhile.
      var unused = look();
    }
    return isClosed
        ? CompletableFuture.failedFuture(closed())
        : CompletableFuture.completedFuture(known);
  }

  /** The server refused the credentials as expired. */
  void onExpired() {
    credentials.expire();
  }

  private synchronized CompletableFuture<DynamoDbAsyncClient> look() {
    if (look == null || look.isDone()) {
      look = onThread(this::open);
    }
    return look;
  }

  /** Does work that blocks on the thread of this object. */
  <T> CompletableFuture<T> onThread(Supplier<T> work) {
    try {
      return CompletableFuture.supplyAsync(work, thread);
    } catch (RejectedExecutionException ended) {
      return CompletableFuture.failedFuture(closed());
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  static StorageException closed() {
    return new StorageException(Kind.CLOSED, "the positions storage is closed");
  }

  private DynamoDbAsyncClient open() {
    credentials.renew();
    if (client == null) {
      var opened = newClient(region());
      synchronized (this) {
        if (isClosed) {
          opened.close();
          throw closed();
        }
        client = opened;
      }
    }
    return client;
  }

  private Region region() {
    if (!settings.region().isEmpty()) {
      return Region.of(settings.region());
    }
    try {
      return DefaultAwsRegionProviderChain.builder().build().getRegion();
    } catch (RuntimeException none) {
      throw new StorageException(
          Kind.PRECONDITION, "no region of AWS is known: set dynamodb.region", none);
    }
  }

  private DynamoDbAsyncClient newClient(Region region) {
    var timeout = settings.callTimeout();
    var http =
        NettyNioAsyncHttpClient.builder()
            .maxConcurrency(MAX_CONNECTIONS)
            .maxPendingConnectionAcquires(REQUESTS_OF_A_CALL * settings.maxPendingCalls())
            .connectionAcquisitionTimeout(timeout)
            .connectionTimeout(timeout)
            .readTimeout(timeout)
            .writeTimeout(timeout)
            .tcpKeepAlive(true)
            .eventLoopGroup(loops);
    var builder =
        DynamoDbAsyncClient.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(http)
            .overrideConfiguration(
                override ->
                    override.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(timeout))
            .asyncConfiguration(
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  @Override
  public void close() {
    DynamoDbAsyncClient opened;
    synchronized (this) {
      isClosed = true;
      opened = client;
    }
    thread.shutdownNow();
    if (opened != null) {
      opened.close();
    }
    // The plugin's jar is closed next, and the thread must need no class of it any more.
    long closeMs = CLOSE_BOUND.toMillis();
    var unused =
        loops
            .eventLoopGroup()
            .shutdownGracefully(0, closeMs, MILLISECONDS)
            .awaitUninterruptibly(closeMs);
    try {
      // An SDK that still asks for credentials is interrupted, and a daemon.
      var unusedToo = thread.awaitTermination(closeMs, MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    credentials.close();
  }
}
