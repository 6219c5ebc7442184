package io.liiklus.positions.cassandra;

import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingRefusal;
import java.util.concurrent.CompletionStage;

/** Right to write a table: its refusals stand until a write is stored. Thread-safe. */
final class WriteRights {

  private final StandingRefusal refused = new StandingRefusal(System::nanoTime);
  private final String table;

  /**
   * @param table its full name
   */
  WriteRights(String table) {
    this.table = table;
  }

  /** The same outcome, which is noted; a refusal names the rights to grant. */
  <T> CompletionStage<T> noting(CompletionStage<T> write) {
    return write.handle(
        (answer, thrown) -> {
          if (thrown == null) {
            refused.onStored();
            return answer;
          }
          var failure = advised(StorageException.of(thrown));
          if (isMissing(failure)) {
            refused.onRefused(failure);
          }
          throw failure;
        });
  }

  private StorageException advised(StorageException failure) {
    if (!isMissing(failure)) {
      return failure;
    }
    var text =
        "%s (the gateway needs SELECT and MODIFY on %s)".formatted(failure.getMessage(), table);
    return new StorageException(failure.kind(), text, failure.getCause());
  }

  private static boolean isMissing(StorageException failure) {
    return failure.kind() == Kind.REFUSED && failure.getCause() instanceof UnauthorizedException;
  }

  /**
   * Does nothing while no refusal stands.
   *
   * @throws StorageException with the refusal
   */
  void requireAllowed() {
    refused.requireAllowed();
  }
}
