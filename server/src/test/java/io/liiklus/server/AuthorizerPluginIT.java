package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

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
        public void configure(Settings settings) { allowed = settings.text("allowed"); }
        public void onChange(Runnable listener) { changed = listener; }
        public AccessDecision decide(AccessRequest request) {
          if (request.topic().equals("change")) {
            allowed = "changed";
            changed.run();
          }
          if (request.topic().equals("throw")) { throw new IllegalStateException("thrown"); }
          if (request.topic().equals("null")) { return null; }
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
