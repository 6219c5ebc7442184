package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.io.IOException;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class CliExceptionTest {

  private static final GatewayAddresses ADDRESS = GatewayAddresses.parse("gateway:6565");

  @Test
  void gatewayText_followsItsCode() {
    var status = Status.INVALID_ARGUMENT.withDescription("topic: empty is not allowed");

    assertThat(CliException.describe(status, ADDRESS))
        .isEqualTo("INVALID_ARGUMENT: topic: empty is not allowed");
  }

  @Test
  void statusWithoutText_isItsCode() {
    assertThat(CliException.describe(Status.UNAVAILABLE, ADDRESS)).isEqualTo("UNAVAILABLE");
  }

  @Test
  void brokenConnection_isNamedByItsCause() {
    var status =
        Status.UNAVAILABLE
            .withDescription("io exception\nChannel Pipeline: [...]")
            .withCause(new IOException("Connection reset"));

    assertThat(CliException.describe(status, ADDRESS))
        .isEqualTo("UNAVAILABLE: no connection to gateway:6565: Connection reset");
  }

  @Test
  void textOfManyLines_isCutToItsFirst() {
    var status = Status.INTERNAL.withDescription("http2 exception\nmore");

    assertThat(CliException.describe(status, ADDRESS)).isEqualTo("INTERNAL: http2 exception");
  }

  @Test
  void unknownHost_isNamed() {
    var status =
        Status.UNAVAILABLE
            .withDescription("Unable to resolve host gateway")
            .withCause(new IllegalStateException(new UnknownHostException("gateway")));

    assertThat(CliException.describe(status, ADDRESS))
        .isEqualTo("UNAVAILABLE: cannot resolve host gateway");
  }
}
