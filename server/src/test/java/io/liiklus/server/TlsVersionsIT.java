package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSsl;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslProvider;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which TLS is spoken, and what becomes of calls while its files are replaced. */
class TlsVersionsIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);

  private static TlsFiles files;
  private static TlsFiles next;

  private Path key;
  private Path chain;
  private Gateway gateway;

  @BeforeAll
  static void createFiles() {
    files = TlsFiles.create(ServerFolder.create("tls"));
    next = TlsFiles.create(ServerFolder.create("tls"));
  }

  @BeforeEach
  void start() throws IOException {
    var folder = ServerFolder.create("tls");
    key = Files.copy(files.key(), folder.resolve("key.pem"));
    chain = Files.copy(files.certificate(), folder.resolve("chain.pem"));
    gateway =
        Gateway.start(
            "--grpc.tls.key=" + key,
            "--grpc.tls.keyCertChain=" + chain,
            "--grpc.tls.reloadInterval=100ms");
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  /** BoringSSL can still speak the old ones. */
  @ParameterizedTest
  @CsvSource({"TLSv1.3, OK", "TLSv1.2, OK", "TLSv1.1, UNAVAILABLE", "TLSv1, UNAVAILABLE"})
  void versionOfTls_isTakenFromTwelveOn(String version, Status.Code code) throws Exception {
    var provider = OpenSsl.isAvailable() ? SslProvider.OPENSSL : SslProvider.JDK;
    var tls =
        GrpcSslContexts.configure(SslContextBuilder.forClient(), provider)
            .trustManager(files.certificate().toFile())
            .protocols(version)
            .build();
    var channel =
        NettyChannelBuilder.forAddress("localhost", gateway.port()).sslContext(tls).build();
    try {
      assertThat(call(LiiklusServiceGrpc.newBlockingStub(channel)).getCode()).isEqualTo(code);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Status call(LiiklusServiceGrpc.LiiklusServiceBlockingStub stub) {
    try {
      var unused =
          stub.withDeadlineAfter(AWAIT.toSeconds(), TimeUnit.SECONDS)
              .getEndOffsets(GetEndOffsetsRequest.newBuilder().setTopic("t").build());
      return Status.OK;
    } catch (StatusRuntimeException failure) {
      return failure.getStatus();
    }
  }

  /** Every call has a connection of its own; clients trust both certificates. */
  @Test
  void rotationOfCertificatesUnderLoad_failsNoCall() throws Exception {
    var trusted = ServerFolder.create("tls").resolve("both.pem");
    Files.writeString(
        trusted, Files.readString(files.certificate()) + Files.readString(next.certificate()));
    var tls = GrpcSslContexts.forClient().trustManager(trusted.toFile()).build();
    var calls = new AtomicInteger();
    var stop = new CountDownLatch(1);
    var failures =
        CompletableFuture.supplyAsync(
            () -> {
              var failed = new ArrayList<Status>();
              while (stop.getCount() > 0) {
                var channel =
                    NettyChannelBuilder.forAddress("localhost", gateway.port())
                        .sslContext(tls)
                        .build();
                var status = call(LiiklusServiceGrpc.newBlockingStub(channel));
                channel.shutdownNow();
                calls.incrementAndGet();
                if (!status.isOk()) {
                  failed.add(status);
                }
              }
              return failed;
            });
    for (var served : new TlsFiles[] {next, files, next}) {
      int before = calls.get();
      await().atMost(AWAIT).until(() -> calls.get() > before + 5);
      Files.copy(served.certificate(), chain, StandardCopyOption.REPLACE_EXISTING);
      Files.copy(served.key(), key, StandardCopyOption.REPLACE_EXISTING);
      var only = GrpcSslContexts.forClient().trustManager(served.certificate().toFile()).build();
      await()
          .atMost(AWAIT)
          .until(
              () -> {
                var channel =
                    NettyChannelBuilder.forAddress("localhost", gateway.port())
                        .sslContext(only)
                        .build();
                var status = call(LiiklusServiceGrpc.newBlockingStub(channel));
                channel.shutdownNow();
                return status.isOk();
              });
    }
    stop.countDown();
    assertThat(failures.get()).isEmpty();
  }
}
