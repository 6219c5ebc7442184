package io.liiklus.faults.deployment;

import io.liiklus.testing.DynamoDbRelay;
import io.liiklus.testing.DynamoDbServer;
import io.liiklus.testing.TcpRelay;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A dynalite that has positions, behind a relay that throttles and one that is slow. Thread-safe,
 * but one thread at a time should break it.
 */
public record DynamoPositions(DynamoDbServer server, DynamoDbRelay errors, TcpRelay relay)
    implements AutoCloseable {

  /** Any will do; the SDK's chain then asks no machine of AWS. */
  public static final Map<String, String> CREDENTIALS =
      Map.of(
          "AWS_ACCESS_KEY_ID", "test",
          "AWS_SECRET_ACCESS_KEY", "test",
          "AWS_EC2_METADATA_DISABLED", "true");

  private static final String TABLE = "positions";
  private static final String JAR = "liiklus-aws.jar";

  static DynamoPositions start() {
    var server = DynamoDbServer.start();
    var errors = DynamoDbRelay.start(server.endpoint());
    return new DynamoPositions(server, errors, TcpRelay.start(errors.host(), errors.port()));
  }

  /** Settings of a gateway, with the plugin as it was built. */
  List<String> settings() {
    return List.of(
        "--plugins.dir=" + jar().getParent(),
        "--plugins.pathMatcher=" + JAR,
        "--dynamodb.endpoint=http://" + relay.host() + ":" + relay.port(),
        "--dynamodb.region=us-east-1",
        "--dynamodb.positionsTable=" + TABLE,
        "--dynamodb.autoCreateTable=true");
  }

  /** The plugin. */
  public static Path jar() {
    var jar = Release.checkout().resolve("aws/target").resolve(JAR);
    if (!Files.exists(jar)) {
      throw new IllegalStateException("no " + jar + ": mvn -pl aws -am package makes it");
    }
    return jar;
  }

  @Override
  public void close() {
    relay.close();
    errors.close();
    server.close();
  }
}
