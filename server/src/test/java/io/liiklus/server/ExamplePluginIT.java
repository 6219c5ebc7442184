package io.liiklus.server;

import static io.liiklus.server.gateway.GatewayClient.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.bsideup.liiklus.protocol.Header;
import com.github.bsideup.liiklus.protocol.PublishRequest;
import io.grpc.Status;
import io.liiklus.server.gateway.Backend;
import io.liiklus.server.gateway.Gateway;
import io.liiklus.server.gateway.GatewayClient;
import io.liiklus.server.plugins.TestPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of a plugin, as a jar in the folder of plugins. */
class ExamplePluginIT {

  private static final Path EXAMPLE = Path.of("../examples/plugin/src/main");
  private static final String SERVICES = "META-INF/services/io.liiklus.api.";

  @TempDir Path plugins;

  private void writePlugin() throws IOException {
    var resources = EXAMPLE.resolve("resources");
    var plugin =
        new TestPlugin()
            .source(
                "com.example.Confidential",
                Files.readString(EXAMPLE.resolve("java/com/example/Confidential.java")));
    for (var name :
        new String[] {
          "reference.conf", SERVICES + "RecordPreProcessor", SERVICES + "RecordPostProcessor"
        }) {
      plugin.file(name, Files.readString(resources.resolve(name)));
    }
    plugin.write(plugins.resolve("example.jar"));
  }

  private static PublishRequest request(String value, String header) {
    return PublishRequest.newBuilder()
        .setTopic("t")
        .setKey(bytes("k"))
        .setValue(bytes(value))
        .addHeaders(Header.newBuilder().setKey(header).setValue(bytes("x")))
        .build();
  }

  @Test
  void example_addsRefusesAndDrops() throws IOException {
    writePlugin();
    try (var gateway =
            Gateway.start(
                "--plugins.dir=" + plugins,
                "--confidential.gateway=gw-1",
                "--memory.partitions=" + Backend.PARTITIONS);
        var client = new GatewayClient(gateway.port())) {
      var secret = client.stub().publish(request("a secret", "confidential"));
      var plain = client.stub().publish(request("plain", "any"));
      var refused = GatewayClient.statusOf(() -> client.stub().publish(request("no", "gateway")));

      assertThat(refused.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(refused.getDescription())
          .isEqualTo("headers: gateway is not allowed; the gateway sets it");
      assertThat(plain.getPartition()).isEqualTo(secret.getPartition());
      try (var subscription = client.subscribe("t", "g", 0)) {
        var assignment = GatewayClient.assignments(subscription).get(plain.getPartition());
        var record = client.receive(assignment).take(1).get(0).getRecord();
        assertThat(record.getOffset()).isEqualTo(plain.getOffset());
        assertThat(record.getHeadersList())
            .extracting(header -> header.getKey() + "=" + header.getValue().toStringUtf8())
            .containsExactly("any=x", "gateway=gw-1");
      }
    }
  }
}
