package io.liiklus.server;

import static io.liiklus.server.gateway.HandmadeToken.hmac512;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.liiklus.cli.LiiklusCli;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.HandmadeToken;
import io.liiklus.testing.ServerFolder;
import io.liiklus.testing.TlsFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client on the command line, to a gateway that wants TLS, a certificate and a token. */
class CliAccessIT {

  private static final Duration AWAIT = Duration.ofSeconds(60);
  private static final String SECRET = "secret of the client";

  private static TlsFiles tls;
  private static Gateway gateway;

  private Path token;

  @BeforeAll
  static void start() {
    tls = TlsFiles.create(ServerFolder.create("cli"));
    gateway =
        Gateway.start(
            "--grpc.tls.key=" + tls.key(),
            "--grpc.tls.keyCertChain=" + tls.certificate(),
            "--grpc.tls.trustCert=" + tls.certificate(),
            "--grpc.auth.alg=HMAC512",
            "--grpc.auth.leeway=0",
            "--grpc.auth.secret=" + SECRET);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void writeToken() throws IOException {
    token = ServerFolder.create("cli").resolve("token");
    Files.writeString(token, validFor(3600) + "\n");
  }

  private static String validFor(int seconds) {
    long end = Instant.now().getEpochSecond() + seconds;
    return HandmadeToken.of("HS512", null, "")
        .withClaims("{\"sub\":\"cli\",\"exp\":" + end + "}")
        .signed(hmac512(SECRET));
  }

  /** One run of the client. Confined to the test's thread, and that of the run. */
  private static final class Run {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int of(List<String> arguments) {
      return LiiklusCli.run(
          arguments.toArray(String[]::new),
          new ByteArrayInputStream(new byte[0]),
          new PrintStream(out, true, StandardCharsets.UTF_8),
          new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String said() {
      return err.toString(StandardCharsets.UTF_8);
    }

    private String printed() {
      return out.toString(StandardCharsets.UTF_8);
    }
  }

  private static List<String> with(String address, List<String> more, String... arguments) {
    var all = new ArrayList<>(List.of(arguments));
    all.add("--address=" + address);
    all.addAll(more);
    return all;
  }

  private static List<String> certificates() {
    return List.of(
        "--ca=" + tls.certificate(), "--cert=" + tls.certificate(), "--cert-key=" + tls.key());
  }

  private List<String> all() {
    var all = new ArrayList<>(certificates());
    all.add("--token=@" + token);
    return all;
  }

  private static String address() {
    return "localhost:" + gateway.port();
  }

  @Test
  void clientWithAllCredentials_publishes() {
    var run = new Run();
    int code = run.of(with(address(), all(), "publish", "cli-topic", "hello"));
    assertThat(run.said()).isEqualTo("liiklus: published 1 record to cli-topic\n");
    assertThat(code).isZero();
  }

  @Test
  void ofSeveralAddresses_theOneThatAnswersIsUsed() throws IOException {
    var run = new Run();
    int code =
        run.of(
            with("127.0.0.1:" + freePort() + "," + address(), all(), "publish", "cli-topic", "x"));
    assertThat(run.said()).contains("published 1 record");
    assertThat(code).isZero();
  }

  @Test
  void ofSeveralAddressesWithoutAGateway_allAreNamed() throws IOException {
    var addresses = "127.0.0.1:" + freePort() + ",localhost:" + freePort();
    var run = new Run();
    assertThat(run.of(with(addresses, all(), "publish", "cli-topic", "x", "--wait=1")))
        .isEqualTo(1);
    assertThat(run.said())
        .contains("UNAVAILABLE: no gateway at " + addresses.replace(",", ", ") + ": ");
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Test
  void clientWithoutAToken_isRefused() {
    var run = new Run();
    assertThat(run.of(with(address(), certificates(), "publish", "cli-topic", "x"))).isEqualTo(1);
    assertThat(run.said())
        .endsWith("UNAUTHENTICATED: the credentials are missing, not valid or no longer valid\n");
  }

  @Test
  void clientWithoutACertificate_getsNoConnection() {
    var run = new Run();
    var trusting = List.of("--ca=" + tls.certificate(), "--token=@" + token);
    assertThat(run.of(with(address(), trusting, "publish", "cli-topic", "x", "--wait=1")))
        .isEqualTo(1);
    assertThat(run.said()).contains("UNAVAILABLE");
  }

  @Test
  void gatewayThatIsNotTrusted_getsNoToken() {
    var run = new Run();
    assertThat(run.of(with(address(), List.of("--tls"), "publish", "cli-topic", "x"))).isEqualTo(1);
    assertThat(run.said()).contains("UNAVAILABLE: no connection to " + address() + ": ");
  }

  /** Whoever issues tokens puts a new one into the file before the old one expires. */
  @Test
  void tokenThatIsReplaced_keepsAReceiveGoing() throws Exception {
    var publisher = List.of("--token=" + validFor(3600));
    var publish = new ArrayList<>(certificates());
    publish.addAll(publisher);
    assertThat(new Run().of(with(address(), publish, "publish", "cli-lasting", "one"))).isZero();
    Files.writeString(token, validFor(20));
    var run = new Run();
    var receive =
        CompletableFuture.supplyAsync(
            () ->
                run.of(
                    with(
                        address(),
                        all(),
                        "receive",
                        "cli-lasting",
                        "--group=g",
                        "--count=2",
                        "--values")));
    await().atMost(AWAIT).until(() -> run.printed().equals("one\n"));
    Files.writeString(token, validFor(3600));
    await().atMost(AWAIT).until(() -> run.said().contains("the token was replaced"));
    assertThat(new Run().of(with(address(), publish, "publish", "cli-lasting", "two"))).isZero();
    assertThat(receive.get()).isZero();
    assertThat(run.printed()).isEqualTo("one\ntwo\n");
  }
}
