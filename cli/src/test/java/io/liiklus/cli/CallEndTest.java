package io.liiklus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class CallEndTest {

  @Test
  void connectionLostWhileACallBegins_isUnavailable() {
    var lost = Status.UNKNOWN.withDescription("channel closed");
    var cause = new ClosedChannelException();

    var end = CallEnd.of(lost.withCause(cause).asRuntimeException());

    assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(end.getCause()).isSameAs(cause);
    assertThat(CliException.describe(end, GatewayAddresses.parse("127.0.0.1:6565")))
        .isEqualTo("UNAVAILABLE: no connection to 127.0.0.1:6565: channel closed");
  }

  @Test
  void gatewayStatus_staysAsItIs() {
    for (var code : Status.Code.values()) {
      var answer = code.toStatus().withDescription("text");

      assertThat(CallEnd.of(answer.asRuntimeException()).getCode()).isEqualTo(code);
    }
  }
}
