package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.GetEndOffsetsRequest;
import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of {@code grpc.tls} are replaced while the gateway serves. */
class TlsReloadIT {

  private static final Duration AWAIT = Duration.ofSeconds(30);
  private static final String PASSWORD = "of the key";

  private static TlsFiles first;
  private static TlsFiles second;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private Path folder;
  private LogWatch log;

  @BeforeAll
  static void createFiles() {
    first = TlsFiles.create(ServerFolder.create("tls"));
    second = TlsFiles.create(ServerFolder.create("tls"));
  }

  @BeforeEach
  void open() {
    folder = ServerFolder.create("tls");
    log = new LogWatch();
  }

  @AfterEach
  void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    log.close();
  }

  @Test
  void replacedFiles_areServedToNewConnections() throws Exception {
    put(first.certificate(), "chain.pem");
    put(first.key(), "key.pem");
    try (var gateway = start("key.pem", "chain.pem")) {
      var old = channel(gateway, first, null);
      assertThat(call(old)).isEqualTo(Status.Code.OK);
      assertThat(call(channel(gateway, second, null))).isEqualTo(Status.Code.UNAVAILABLE);

      put(second.certificate(), "chain.pem");
      put(second.key(), "key.pem");

      awaitServed(gateway, second);
      assertThat(call(channel(gateway, first, null))).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(call(old)).as("of the connection that was open").isEqualTo(Status.Code.OK);
    }
  }

  /** As Kubernetes replaces what a secret holds: files are links into a folder that is a link. */
  @Test
  void replacedFolder_isServedToNewConnections() throws Exception {
    var link = folder.resolve("..data");
    Files.createSymbolicLink(link, first.key().getParent());
    Files.createSymbolicLink(folder.resolve("tls.key"), Path.of("..data/server.key"));
    Files.createSymbolicLink(folder.resolve("tls.crt"), Path.of("..data/server.crt"));
    try (var gateway = start("tls.key", "tls.crt")) {
      awaitServed(gateway, first);

      var next = Files.createSymbolicLink(folder.resolve("..next"), second.key().getParent());
      Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);

      awaitServed(gateway, second);
    }
  }

  @Test
  void keyThatDoesNotFit_leavesTheOldPairAndIsWarnedOfOnce() throws Exception {
    put(first.certificate(), "chain.pem");
    put(first.key(), "key.pem");
    try (var gateway = start("key.pem", "chain.pem")) {
      put(second.key(), "key.pem");

      var warned = new ArrayList<String>();
      await().atMost(AWAIT).until(() -> warned.addAll(log.take()));
      assertThat(call(channel(gateway, first, null))).isEqualTo(Status.Code.OK);

      put(second.certificate(), "chain.pem");
      awaitServed(gateway, second);
      warned.addAll(log.take());
      assertThat(warned)
          .singleElement()
          .asString()
          .contains("the old ones stay in use", "grpc.tls.key: does not belong to the first");
    }
  }

  @Test
  void fileThatIsGone_leavesTheOldPair() throws Exception {
    put(first.certificate(), "chain.pem");
    put(first.key(), "key.pem");
    try (var gateway = start("key.pem", "chain.pem")) {
      Files.delete(folder.resolve("chain.pem"));

      var warned = new ArrayList<String>();
      await().atMost(AWAIT).until(() -> warned.addAll(log.take()));
      assertThat(warned.get(0)).contains("grpc.tls.keyCertChain: there is no file");
      assertThat(call(channel(gateway, first, null))).isEqualTo(Status.Code.OK);
    }
  }

  @Test
  void encryptedKey_isReadAgain() throws Exception {
    put(first.certificate(), "chain.pem");
    put(encrypted(first), "key.pem");
    try (var gateway = start("key.pem", "chain.pem", "--grpc.tls.keyPassword=" + PASSWORD)) {
      awaitServed(gateway, first);

      put(encrypted(second), "key.pem");
      put(second.certificate(), "chain.pem");

      awaitServed(gateway, second);
    }
  }

  @Test
  void trustedCertificates_areReadAgain() throws Exception {
    put(first.certificate(), "chain.pem");
    put(first.key(), "key.pem");
    put(first.certificate(), "trust.pem");
    try (var gateway =
        start("key.pem", "chain.pem", "--grpc.tls.trustCert=" + folder.resolve("trust.pem"))) {
      assertThat(call(channel(gateway, first, first))).isEqualTo(Status.Code.OK);
      assertThat(call(channel(gateway, first, second))).isEqualTo(Status.Code.UNAVAILABLE);

      put(second.certificate(), "trust.pem");

      await().atMost(AWAIT).until(() -> call(channel(gateway, first, second)) == Status.Code.OK);
      assertThat(call(channel(gateway, first, first))).isEqualTo(Status.Code.UNAVAILABLE);
    }
  }

  private Gateway start(String key, String chain, String... more) {
    var settings =
        new ArrayList<>(
            List.of(
                "--grpc.tls.key=file:" + folder.resolve(key),
                "--grpc.tls.keyCertChain=file:" + folder.resolve(chain),
                "--grpc.tls.reloadInterval=100ms"));
    settings.addAll(List.of(more));
    return Gateway.start(settings.toArray(String[]::new));
  }

  /** By a rename, so that no half of it is ever seen. */
  private void put(Path file, String name) throws IOException {
    var next = Files.copy(file, folder.resolve(name + ".next"));
    Files.move(
        next,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Path encrypted(TlsFiles files) throws IOException {
    return Files.writeString(
        Files.createTempFile(folder, "encrypted", ".pem"), files.encryptedKey(PASSWORD));
  }

  private void awaitServed(Gateway gateway, TlsFiles files) {
    await().atMost(AWAIT).until(() -> call(channel(gateway, files, null)) == Status.Code.OK);
  }

  /** A new connection, by a client that trusts this certificate alone, and has one or none. */
  private ManagedChannel channel(Gateway gateway, TlsFiles trusted, TlsFiles own)
      throws IOException {
    var tls = GrpcSslContexts.forClient().trustManager(trusted.certificate().toFile());
    if (own != null) {
      tls.keyManager(own.certificate().toFile(), own.key().toFile());
    }
    var channel =
        NettyChannelBuilder.forAddress("localhost", gateway.port()).sslContext(tls.build()).build();
    channels.add(channel);
    return channel;
  }

  private static Status.Code call(ManagedChannel channel) {
    var stub =
        LiiklusServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(AWAIT.toSeconds(), TimeUnit.SECONDS);
    var request = GetEndOffsetsRequest.newBuilder().setTopic("topic").build();
    return GatewayClient.statusOf(() -> stub.getEndOffsets(request)).getCode();
  }
}
