package io.liiklus.server.processing;

import java.nio.charset.StandardCharsets;

/** End of a record, or of a stream, by a processor. The message is for the client. */
public final class ProcessorException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Kind of the failure, which decides the status that the client gets. */
  public enum Reason {
    /** The record is not to be published as it is. */
    REFUSED,
    /** The processor is at fault; the log has the cause. */
    FAILED,
    /** The processor did not answer in time. */
    LATE
  }

  /**
   * Bytes of a refusal at the most, as a status carries them: clients take 8 KiB of trailers unless
   * they set another bound, and a batch has a refusal for each of its records.
   */
  static final int MOST_BYTES = 2 * 1024;

  private static final String CUT = "…";

  private final Reason reason;

  private ProcessorException(Reason reason, String message) {
    // The fault was logged with its own trace.
    super(message, null, false, false);
    this.reason = reason;
  }

  static ProcessorException refused(String message) {
    var text = message == null || message.isBlank() ? "refused by a processor" : message;
    return new ProcessorException(Reason.REFUSED, fitting(text));
  }

  static ProcessorException failed(String processor) {
    return new ProcessorException(
        Reason.FAILED, "the processor " + processor + " failed; see the gateway's log");
  }

  static ProcessorException late(String processor, String bound) {
    return new ProcessorException(
        Reason.LATE, "no answer from the processor " + processor + " within " + bound);
  }

  public Reason reason() {
    return reason;
  }

  /** Without control characters, and cut where it is long. */
  private static String fitting(String message) {
    var text = new StringBuilder(Math.min(message.length(), MOST_BYTES));
    int bytes = 0;
    for (int at = 0; at < message.length(); at = message.offsetByCodePoints(at, 1)) {
      int point = message.codePointAt(at);
      var shown = Character.isISOControl(point) ? "\uFFFD" : Character.toString(point);
      bytes += statusBytes(shown);
      if (bytes > MOST_BYTES) {
        return text.append(CUT).toString();
      }
      text.append(shown);
    }
    return text.toString();
  }

  /** Statuses are percent-encoded, but for the printable characters of ASCII. */
  private static int statusBytes(String shown) {
    char first = shown.charAt(0);
    boolean isPlain = first >= ' ' && first <= '~' && first != '%';
    return isPlain ? 1 : 3 * shown.getBytes(StandardCharsets.UTF_8).length;
  }
}
