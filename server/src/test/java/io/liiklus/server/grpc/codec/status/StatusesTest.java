package io.liiklus.server.grpc.codec.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.liiklus.api.StorageException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusesTest {

  @ParameterizedTest
  @CsvSource({
    "UNAVAILABLE,UNAVAILABLE",
    "REFUSED,PERMISSION_DENIED",
    "PRECONDITION,FAILED_PRECONDITION",
    "EXHAUSTED,RESOURCE_EXHAUSTED",
    "UNKNOWN_TOPIC,NOT_FOUND",
    "BAD_RECORD,INVALID_ARGUMENT",
    "DATA_LOSS,DATA_LOSS",
    "REVOKED,UNAVAILABLE",
    "LOST,UNAVAILABLE",
    "CLOSED,UNAVAILABLE"
  })
  void storageFailure_keepsItsText(StorageException.Kind kind, Status.Code code) {
    var status = Statuses.of(new CompletionException(new StorageException(kind, "why")));

    assertThat(status.getCode()).isEqualTo(code);
    assertThat(status.getDescription()).isEqualTo("why");
  }

  @Test
  void badRequest_isAnInvalidArgument() {
    var status = Statuses.of(new BadRequest("topic: is empty"));

    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo("topic: is empty");
  }

  @Test
  void status_staysAsItIs() {
    var status = Status.OUT_OF_RANGE.withDescription("beyond");

    assertThat(Statuses.of(new CompletionException(status.asRuntimeException()))).isSameAs(status);
  }

  @Test
  void faultOfTheGateway_showsNothingOfItsInside() {
    var secret = new IllegalStateException("secret");
    var fault = new StorageException(StorageException.Kind.INTERNAL, "secret", secret);

    for (var failure : new Throwable[] {fault, secret, new CompletionException(secret)}) {
      var status = Statuses.of(failure);
      assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
      assertThat(status.getDescription()).isEqualTo("a fault of the gateway; see its log");
      assertThat(status.getCause()).isNull();
    }
  }
}
