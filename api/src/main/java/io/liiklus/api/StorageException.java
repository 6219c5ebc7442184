package io.liiklus.api;

import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;

/**
 * Failure of a storage's operation. The message is for the client: it says what happened and, where
 * something can be done about it, what. Immutable.
 */
public final class StorageException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /** Kinds of failures, by what the caller can do. */
  public enum Kind {
    /** The server behind does not answer. The same call may succeed later. */
    UNAVAILABLE,
    /** The server behind does not allow it. */
    REFUSED,
    /**
     * The server refuses the operation because of its configuration. The same call fails until an
     * operator changes it; the message says what to change.
     */
    PRECONDITION,
    /** A bound of the storage is reached. The same call may succeed later. */
    EXHAUSTED,
    /**
     * The storage takes no further record for now: the publish is still the caller's to make, once
     * {@link RecordsStorage#onRoom} notifies it.
     */
    FULL,
    /** There is no such topic, and none gets created. */
    UNKNOWN_TOPIC,
    /** The storage will never take this record: it is too large, or not valid. */
    BAD_RECORD,
    /** A stored record cannot be read: the one at {@link StorageException#offset}. */
    DATA_LOSS,
    /** The partition was given to another member of the group. */
    REVOKED,
    /** The partition may have been given to another member some time ago. */
    LOST,
    /**
     * The log of the partition has ended for good, and all of it was read: nothing will ever
     * follow. The assignment stands until it is revoked.
     */
    ENDED,
    /** The subscription or the storage was closed, or a seek took the read's place. */
    CLOSED,
    /** A fault of the storage itself; see the cause. */
    INTERNAL
  }

  private final Kind kind;
  private final boolean isNotStored;

  /** Offset of the unreadable record; null for another failure. */
  private final Long offset;

  public StorageException(Kind kind, String message) {
    this(kind, message, null);
  }

  public StorageException(Kind kind, String message, Throwable cause) {
    this(kind, message, cause, kind == Kind.FULL, null);
  }

  private StorageException(
      Kind kind, String message, Throwable cause, boolean isNotStored, Long offset) {
    // Only a fault is to be traced; the other kinds are answers, and there may be many at once.
    super(message, cause, true, kind == Kind.INTERNAL);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.isNotStored = isNotStored;
    this.offset = offset;
  }

  /** Failure of a publish whose record is surely not stored, and never will be by this call. */
  public static StorageException notStored(Kind kind, String message) {
    return new StorageException(kind, message, null, true, null);
  }

  /** Failure to read the record at this offset: {@link Kind#DATA_LOSS}. */
  public static StorageException unreadable(long offset, String message, Throwable cause) {
    return new StorageException(Kind.DATA_LOSS, message, cause, false, offset);
  }

  /** The same failure, for a publish whose record is surely not stored. */
  public StorageException asNotStored() {
    return isNotStored ? this : new StorageException(kind, getMessage(), getCause(), true, offset);
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the record is surely not stored; false where that is not known. */
  public boolean isNotStored() {
    return isNotStored;
  }

  /**
   * The offset of the unreadable record; {@link Offsets#next} of it goes on behind. Empty for all
   * but {@link Kind#DATA_LOSS}, and where the storage does not know.
   */
  public OptionalLong offset() {
    return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
  }

  /** Failure of a stage, without the wrapper that stages put around it. */
  public static StorageException of(Throwable failure) {
    var cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof StorageException known
        ? known
        : new StorageException(Kind.INTERNAL, "internal fault of the storage", cause);
  }
}
