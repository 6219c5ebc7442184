package io.liiklus.storage.kafka.client;

import io.liiklus.api.StorageException.Kind;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BootstrapResolutionException;
import org.apache.kafka.common.errors.InvalidOffsetException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.protocol.Errors;

/**
 * Kind of each error of a broker, and advice to the operator. An error that is not listed has the
 * kind of its nearest listed superclass. The last of those is {@link ApiException}, so that no
 * answer of a broker counts as a fault of the gateway. Immutable.
 */
public final class KafkaErrorKinds {

  private static final Map<Class<?>, Kind> KINDS = new HashMap<>();

  static {
    // Any other refusal of a broker lasts until somebody changes a set-up.
    list(Kind.PRECONDITION, ApiException.class, ConfigException.class);
    list(Kind.REFUSED, AuthorizationException.class, AuthenticationException.class);
    list(Kind.REFUSED, Errors.POLICY_VIOLATION);
    list(Kind.EXHAUSTED, BufferExhaustedException.class);
    list(Kind.EXHAUSTED, Errors.GROUP_MAX_SIZE_REACHED);
    list(Kind.UNKNOWN_TOPIC, Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_ID);
    list(Kind.BAD_RECORD, SerializationException.class);
    list(Kind.BAD_RECORD, Errors.INVALID_RECORD, Errors.INVALID_TIMESTAMP);
    list(Kind.BAD_RECORD, Errors.INVALID_TOPIC_EXCEPTION);
    list(Kind.BAD_RECORD, Errors.MESSAGE_TOO_LARGE, Errors.RECORD_LIST_TOO_LARGE);
    // These pass by themselves, or once the client has reconnected or rejoined.
    list(Kind.UNAVAILABLE, RetriableException.class, ApplicationRecoverableException.class);
    list(Kind.UNAVAILABLE, BootstrapResolutionException.class, InvalidOffsetException.class);
    list(Kind.UNAVAILABLE, Errors.UNKNOWN_SERVER_ERROR, Errors.REBOOTSTRAP_REQUIRED);
    list(Kind.UNAVAILABLE, Errors.BROKER_NOT_AVAILABLE, Errors.STALE_CONTROLLER_EPOCH);
    list(Kind.UNAVAILABLE, Errors.OPERATION_NOT_ATTEMPTED, Errors.REASSIGNMENT_IN_PROGRESS);
    list(Kind.UNAVAILABLE, Errors.NEW_LEADER_ELECTED, Errors.OFFSET_MOVED_TO_TIERED_STORAGE);
    list(Kind.UNAVAILABLE, Errors.REBALANCE_IN_PROGRESS, Errors.MEMBER_ID_REQUIRED);
    list(Kind.UNAVAILABLE, Errors.FENCED_MEMBER_EPOCH, Errors.STALE_MEMBER_EPOCH);
    list(Kind.UNAVAILABLE, Errors.UNRELEASED_INSTANCE_ID);
    list(Kind.UNAVAILABLE, Errors.OUT_OF_ORDER_SEQUENCE_NUMBER, Errors.DUPLICATE_SEQUENCE_NUMBER);
    list(Kind.UNAVAILABLE, Errors.TRANSACTION_ABORTABLE, Errors.TRANSACTION_COORDINATOR_FENCED);
  }

  private static final Map<Errors, String> ADVICE =
      Map.of(
          Errors.INCONSISTENT_GROUP_PROTOCOL,
          "its members use other assignors than the gateway:"
              + " kafka.properties.partition.assignment.strategy has to name one that all of"
              + " them use, or kafka.properties.group.protocol the protocol of the group",
          Errors.INVALID_TOPIC_EXCEPTION,
          "topic: Kafka does not take the name; names that differ in '.' and '_' alone are one",
          Errors.MESSAGE_TOO_LARGE,
          "the topic's max.message.bytes, or the brokers' message.max.bytes, is less",
          Errors.UNSUPPORTED_ASSIGNOR,
          "kafka.properties.group.remote.assignor has to name one that the brokers have",
          Errors.GROUP_ID_NOT_FOUND,
          "the group may be of another protocol than kafka.properties.group.protocol says",
          Errors.INVALID_SESSION_TIMEOUT,
          "kafka.properties.session.timeout.ms has to be within the brokers'"
              + " group.min.session.timeout.ms and group.max.session.timeout.ms",
          Errors.GROUP_MAX_SIZE_REACHED,
          "the brokers' group.max.size says how many members a group may have",
          Errors.UNSUPPORTED_COMPRESSION_TYPE,
          "kafka.properties.compression.type has to be one that the topic's brokers know",
          Errors.INVALID_REPLICATION_FACTOR,
          "the brokers' default.replication.factor is for more brokers than there are");

  private KafkaErrorKinds() {}

  private static void list(Kind kind, Class<?>... types) {
    for (var type : types) {
      KINDS.put(type, kind);
    }
  }

  private static void list(Kind kind, Errors... errors) {
    for (var error : errors) {
      KINDS.put(error.exception().getClass(), kind);
    }
  }

  /** Returns the kind; empty for a failure that is no answer of a broker. */
  public static Optional<Kind> kind(Throwable failure) {
    return kindOf(failure.getClass());
  }

  static Optional<Kind> kindOf(Class<?> failure) {
    for (Class<?> type = failure; type != null; type = type.getSuperclass()) {
      if (KINDS.containsKey(type)) {
        return Optional.of(KINDS.get(type));
      }
    }
    return Optional.empty();
  }

  /** Advice to the operator, where there is more to say than the error does. */
  static Optional<String> advice(Throwable failure) {
    return Optional.ofNullable(ADVICE.get(Errors.forException(failure)));
  }
}
