package io.liiklus.server.grpc.codec.status;

import com.github.bsideup.liiklus.protocol.LiiklusServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.liiklus.api.StorageException;
import io.liiklus.server.authorization.AccessException;
import io.liiklus.server.processing.ProcessorException;
import java.util.Set;

/**
 * Mark of a publish that was surely not stored, so that the client can repeat it without a second
 * copy: the trailer {@code liiklus-stored: no} of a call that ended as UNAVAILABLE or
 * RESOURCE_EXHAUSTED, for its credentials as UNAUTHENTICATED, or by authorization as
 * PERMISSION_DENIED. On a PublishStream it is about all requests without a reply, whatever the
 * status. Immutable.
 */
public final class NotStored {

  private static final Metadata.Key<String> STORED =
      Metadata.Key.of("liiklus-stored", Metadata.ASCII_STRING_MARSHALLER);

  /** Full names of the methods that publish. */
  private static final Set<String> PUBLISHES =
      Set.of(
          LiiklusServiceGrpc.getPublishMethod().getFullMethodName(),
          LiiklusServiceGrpc.getPublishBatchMethod().getFullMethodName(),
          LiiklusServiceGrpc.getPublishStreamMethod().getFullMethodName());

  /** Ends the text of a call whose time is up. */
  public static final String MAY_BE_STORED = "; the record may be stored";

  /** Begins it. */
  public static final String NO_ANSWER = "no answer from the records storage in time";

  private static final String IS_NOT_STORED = "; the record was not stored";

  private NotStored() {}

  /**
   * The trailers of a call that ends so; empty where it may be stored, or where it is no publish.
   */
  public static Metadata trailers(Throwable failure, Status status) {
    if (failure instanceof StatusRuntimeException ended && ended.getTrailers() != null) {
      return ended.getTrailers();
    }
    boolean isTold =
        status.getCode() == Code.UNAVAILABLE
            || status.getCode() == Code.RESOURCE_EXHAUSTED
            || failure instanceof AccessException;
    return isTold && isSure(failure) ? trailers() : new Metadata();
  }

  /**
   * Trailers of a call that ends before its handler saw a request; empty where it is no publish.
   */
  public static Metadata trailers(MethodDescriptor<?, ?> method) {
    return PUBLISHES.contains(method.getFullMethodName()) ? trailers() : new Metadata();
  }

  public static boolean isSure(Throwable failure) {
    return failure instanceof BadRequest
        || failure instanceof AccessException
        || failure instanceof ProcessorException
        || (failure instanceof StorageException storage && storage.isNotStored());
  }

  public static Metadata trailers() {
    var trailers = new Metadata();
    trailers.put(STORED, "no");
    return trailers;
  }

  /** Whether the status says that there was no answer in time. */
  public static boolean isTimeUp(Status status) {
    return status.getDescription() != null && status.getDescription().startsWith(NO_ANSWER);
  }

  /** The same status for a record that a processor has, or one before it. */
  public static Status waitsForProcessor(Status timeUp, String processor) {
    return timeUp.withDescription(
        "no answer from the processor %s in time%s"
            .formatted(processor, timeUp.getDescription().substring(NO_ANSWER.length())));
  }

  /** The same status for a record that was taken back. */
  public static Status withdrawn(Status status) {
    var text = status.getDescription();
    return text == null
        ? status
        : status.withDescription(text.replace(MAY_BE_STORED, IS_NOT_STORED));
  }
}
