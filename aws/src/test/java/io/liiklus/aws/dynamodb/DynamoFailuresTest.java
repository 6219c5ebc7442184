package io.liiklus.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;

class DynamoFailuresTest {

  private static Throwable ofSdk(Throwable cause) {
    return new CompletionException(
        SdkClientException.builder()
            .message("Unable to execute HTTP request")
            .cause(cause)
            .build());
  }

  @Test
  void closedConnection_isToldFromOneThatWasNeverThere() {
    assertThat(DynamoFailures.isClosedConnection(ofSdk(new ClosedChannelException()))).isTrue();
    assertThat(
            DynamoFailures.isClosedConnection(
                ofSdk(new IOException("The connection was closed during the request."))))
        .isTrue();
    assertThat(DynamoFailures.isClosedConnection(ofSdk(new SocketException("Connection reset"))))
        .isTrue();
    assertThat(DynamoFailures.isClosedConnection(ofSdk(new UnknownHostException("nowhere"))))
        .isFalse();
    assertThat(
            DynamoFailures.isClosedConnection(
                ofSdk(new ConnectException("Connection refused: closed"))))
        .isFalse();
    assertThat(
            DynamoFailures.isClosedConnection(
                ofSdk(new SSLHandshakeException("Remote host closed connection"))))
        .isFalse();
    assertThat(
            DynamoFailures.isClosedConnection(
                ofSdk(new IOException("closed", new TimeoutException("late")))))
        .isFalse();
  }
}
