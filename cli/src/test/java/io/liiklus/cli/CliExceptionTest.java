package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class CliExceptionTest {

  private static final GatewayAddress ADDRESS = new GatewayAddress("gateway", 6565);

  @Test
  void what_the_gateway_says_is_said_behind_its_code() {
    var status = Status.INVALID_ARGUMENT.withDescription("topic: empty is not allowed");

    assertThat(CliException.describe(status, ADDRESS))
        .isEqualTo("INVALID_ARGUMENT: topic: empty is not allowed");
  }

  @Test
  void a_status_without_a_text_is_its_code() {
    assertThat(CliException.describe(Status.UNAVAILABLE, ADDRESS)).isEqualTo("UNAVAILABLE");
  }

  @Test
  void a_connection_that_broke_is_told_by_its_cause() {
    var status =
        Status.UNAVAILABLE
            .withDescription("io exception\nChannel Pipeline: [...]")
            .withCause(new IOException("Connection reset"));

    assertThat(CliException.describe(status, ADDRESS))
        .isEqualTo("UNAVAILABLE: no connection to gateway:6565: Connection reset");
  }

  @Test
  void a_text_of_many_lines_is_cut_to_its_first() {
    var status = Status.INTERNAL.withDescription("http2 exception\nmore");

    assertThat(CliException.describe(status, ADDRESS)).isEqualTo("INTERNAL: http2 exception");
  }

  @Test
  void a_host_that_is_not_known_is_named() {
    var status =
        Status.UNAVAILABLE
            .withDescription("Unable to resolve host gateway")
            .withCause(new IllegalStateException(new UnknownHostException("gateway")));

    assertThat(CliException.describe(status, ADDRESS))
        .isEqualTo("UNAVAILABLE: no host of the name in gateway:6565");
  }
}
