package io.liiklus.api;

/**
 * Refusal of a record by a {@link RecordPreProcessor}. The message is for the client: it says what
 * is wrong with the record and what is allowed. Its first 2 KiB are sent.
 */
public final class RecordRefusedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public RecordRefusedException(String message) {
    // An answer and no fault: there may be many at once.
    super(message, null, false, false);
  }
}
