package io.liiklus.server.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bounds of ours keep a distance from what common clients do if they are not told otherwise. */
class ClientDefaultsTest {

  private static final Duration SHORTEST_PING_INTERVAL = Duration.ofSeconds(10);
  private static final Duration SLACK = Duration.ofSeconds(5);
  private static final int LARGEST_REPLY_BYTES = 4 * 1024 * 1024;

  @TempDir Path home;

  @Test
  void permittedPings_leaveSlackToTheShortestInterval() {
    assertThat(new Start(home).server().grpc().permitKeepAlive())
        .isLessThanOrEqualTo(SHORTEST_PING_INTERVAL.minus(SLACK));
  }

  @Test
  void largestReplyThatCanBeSet_isBelowWhatClientsTake() {
    var start = new Start(home).arguments("--receive.maxReplyBytes=4 MiB");
    assertThat(start.refusals()).singleElement().asString().contains("4095 KiB");
    assertThat(
            new Start(home)
                .arguments("--receive.maxReplyBytes=4095 KiB")
                .server()
                .calls()
                .receive()
                .maxReplyBytes())
        .isLessThan(LARGEST_REPLY_BYTES);
  }
}
