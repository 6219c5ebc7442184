package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.liiklus.api.Authorizer;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.gateway.LogWatch;
import io.liiklus.server.plugins.TestPlugin;
import io.liiklus.server.processing.TestProcessors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An authorizer of a plugin, beside processors that choose topics. */
class AuthorizerPluginIT {

  private static final String DEMO =
      """
      package demo;

      import io.liiklus.api.*;

      public class Demo implements Authorizer {
        private Runnable changed;
        private String allowed = "nothing";
        public String type() { return "Demo"; }
        public String settingsRoot() { return "demo"; }
        public void open() {
          if (allowed.equals("unopened")) { throw new IllegalStateException("no server of rules"); }
        }
        public void configure(Settings settings) { allowed = settings.text("allowed"); }
        public void onChange(Runnable listener) { changed = listener; }
        public AccessDecision decide(AccessRequest request) {
          if (request.topic().equals("change")) {
            allowed = "changed";
            changed.run();
          }
          if (request.topic().equals("throw")) { throw new IllegalStateException("thrown"); }
          if (request.topic().equals("null")) { return null; }
          while (request.topic().equals("hang") && !Boolean.getBoolean("demo.release")) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
          }
          return request.topic().startsWith(allowed)
              ? AccessDecision.allowed()
              : AccessDecision.denied("demo");
        }
      }
      """;

  @TempDir private static Path plugins;
  private static Gateway gateway;
  private static GatewayClient client;

  @BeforeAll
  static void start() {
    TestProcessors.write(plugins.resolve("processors.jar"));
    new TestPlugin()
        .source("demo.Demo", DEMO)
        .service(Authorizer.class, "demo.Demo")
        .file("reference.conf", "demo.allowed = none")
        .write(plugins.resolve("demo.jar"));
    gateway =
        Gateway.start(
            "--plugins.dir=" + plugins,
            "--authorization.enabled=true",
            "--authorization.type=demo",
            "--demo.allowed=ok");
    client = new GatewayClient(gateway.port());
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  private static Status publish(GatewayClient client, String topic, String value) {
    return GatewayClient.statusOf(
        () ->
            client
                .stub()
                .publish(
                    PublishRequest.newBuilder()
                        .setTopic(topic)
                        .setKey(bytes("k"))
                        .setValue(bytes(value))
                        .build()));
  }

  /** The processor moves what says so to another topic. */
  @ParameterizedTest
  @CsvSource({
    "ok-1, v, OK, ",
    "ok-1, topic ok-2, OK, ",
    "ok-1, topic other, PERMISSION_DENIED, other",
    "other, topic ok-1, PERMISSION_DENIED, other",
    "other, v, PERMISSION_DENIED, other",
  })
  void topics_ofRequestAndProcessor_areJudged(
      String topic, String value, Code code, String denied) {
    var status = publish(client, topic, value);

    assertThat(status.getCode()).isEqualTo(code);
    if (denied != null) {
      assertThat(status.getDescription())
          .isEqualTo("principal anonymous may not PUBLISH topic " + denied);
    }
  }

  @Test
  void faultOfTheAuthorizer_isInternal_andLoggedOnce() {
    try (var log = new LogWatch()) {
      for (var topic : new String[] {"throw", "null", "throw"}) {
        var failed = GatewayClient.statusOf(() -> client.endOffsets(topic));
        assertThat(failed.getCode()).isEqualTo(Code.INTERNAL);
        assertThat(failed.getDescription())
            .isEqualTo("the authorizer failed; see the gateway's log");
      }
      assertThat(log.take())
          .filteredOn(line -> line.contains("the authorizer failed, authorizer=Demo"))
          .singleElement()
          .asString()
          .contains("java.lang.IllegalStateException: thrown");
    }
  }

  @Test
  void authorizerThatCannotBeOpened_endsTheStart() {
    assertThatThrownBy(
            () ->
                Gateway.start(
                    "--plugins.dir=" + plugins,
                    "--authorization.enabled=true",
                    "--authorization.type=DEMO",
                    "--demo.allowed=unopened"))
        .hasMessage(
            "the authorizer Demo could not be opened: java.lang.IllegalStateException: no server of"
                + " rules");
  }

  @Test
  void authorizerThatHangs_holdsUpItsLoopAlone_andIsNamed() {
    try (var log = new LogWatch();
        var own =
            Gateway.start(
                "--plugins.dir=" + plugins,
                "--authorization.enabled=true",
                "--authorization.type=DEMO",
                "--threads.io=2");
        var caller = new GatewayClient(own.port());
        var other = new GatewayClient(own.port())) {
      // So that each has its connection, by turns on both loops.
      assertThat(publish(caller, "none", "v")).isEqualTo(Status.OK);
      assertThat(publish(other, "none", "v")).isEqualTo(Status.OK);

      var hung = CompletableFuture.supplyAsync(() -> publish(caller, "hang", "v"));
      try {
        await()
            .atMost(Duration.ofSeconds(60))
            .until(
                () ->
                    log.take().stream()
                        .filter(line -> line.contains("an event loop is held up"))
                        .anyMatch(line -> line.contains("demo.Demo.decide")));
        assertThat(publish(other, "none", "v")).isEqualTo(Status.OK);
      } finally {
        System.setProperty("demo.release", "true");
      }
      assertThat(hung.join().getCode()).isIn(Code.PERMISSION_DENIED, Code.DEADLINE_EXCEEDED);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  log.take().stream()
                      .anyMatch(
                          line -> line.contains("blocked an event loop, authorizer=Demo tookMs=")));
    }
  }

  @Test
  void change_forgetsDecisions() {
    try (var own =
            Gateway.start(
                "--plugins.dir=" + plugins,
                "--authorization.enabled=true",
                "--authorization.type=DEMO",
                "--demo.allowed=ok");
        var caller = new GatewayClient(own.port())) {
      assertThat(publish(caller, "ok", "v").getCode()).isEqualTo(Code.OK);
      assertThat(publish(caller, "changed", "v").getCode()).isEqualTo(Code.PERMISSION_DENIED);

      publish(caller, "change", "v");

      assertThat(publish(caller, "ok", "v").getCode()).isEqualTo(Code.PERMISSION_DENIED);
      assertThat(publish(caller, "changed", "v").getCode()).isEqualTo(Code.OK);
    }
  }
}
