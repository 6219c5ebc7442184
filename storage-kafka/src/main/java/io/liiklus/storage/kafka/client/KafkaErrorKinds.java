package io.liiklus.storage.kafka.client;

import static java.util.Map.entry;

import io.liiklus.api.StorageException.Kind;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ApplicationRecoverableException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BootstrapResolutionException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.ControllerMovedException;
import org.apache.kafka.common.errors.DelegationTokenDisabledException;
import org.apache.kafka.common.errors.DelegationTokenExpiredException;
import org.apache.kafka.common.errors.DelegationTokenNotFoundException;
import org.apache.kafka.common.errors.DelegationTokenOwnerMismatchException;
import org.apache.kafka.common.errors.DuplicateSequenceException;
import org.apache.kafka.common.errors.FencedMemberEpochException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidOffsetException;
import org.apache.kafka.common.errors.InvalidPrincipalTypeException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.MemberIdRequiredException;
import org.apache.kafka.common.errors.NewLeaderElectedException;
import org.apache.kafka.common.errors.OffsetMovedToTieredStorageException;
import org.apache.kafka.common.errors.OperationNotAttemptedException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.PositionOutOfRangeException;
import org.apache.kafka.common.errors.PrincipalDeserializationException;
import org.apache.kafka.common.errors.ReassignmentInProgressException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RebootstrapRequiredException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.StaleBrokerEpochException;
import org.apache.kafka.common.errors.StaleMemberEpochException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.common.errors.TransactionCoordinatorFencedException;
import org.apache.kafka.common.errors.UnacceptableCredentialException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnreleasedInstanceIdException;
import org.apache.kafka.common.errors.UnsupportedAssignorException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;

/**
 * The kind of each error that a broker answers with, and what an operator can change about it. An
 * error that is not listed has the kind of its nearest superclass that is; the last of those is
 * {@link ApiException} itself, so that no answer of a broker is a fault of the gateway. Immutable.
 */
public final class KafkaErrorKinds {

  private static final Map<Class<?>, Kind> KINDS =
      Map.ofEntries(
          // Whatever else a broker refuses stays refused until something is set up otherwise.
          entry(ApiException.class, Kind.PRECONDITION),
          entry(ConfigException.class, Kind.PRECONDITION),
          entry(BufferExhaustedException.class, Kind.EXHAUSTED),
          entry(GroupMaxSizeReachedException.class, Kind.EXHAUSTED),
          entry(UnknownTopicOrPartitionException.class, Kind.UNKNOWN_TOPIC),
          entry(UnknownTopicIdException.class, Kind.UNKNOWN_TOPIC),
          entry(AuthorizationException.class, Kind.REFUSED),
          entry(AuthenticationException.class, Kind.REFUSED),
          entry(PolicyViolationException.class, Kind.REFUSED),
          entry(DelegationTokenDisabledException.class, Kind.REFUSED),
          entry(DelegationTokenExpiredException.class, Kind.REFUSED),
          entry(DelegationTokenNotFoundException.class, Kind.REFUSED),
          entry(DelegationTokenOwnerMismatchException.class, Kind.REFUSED),
          entry(InvalidPrincipalTypeException.class, Kind.REFUSED),
          entry(PrincipalDeserializationException.class, Kind.REFUSED),
          entry(UnacceptableCredentialException.class, Kind.REFUSED),
          entry(InvalidRecordException.class, Kind.BAD_RECORD),
          entry(InvalidTimestampException.class, Kind.BAD_RECORD),
          entry(InvalidTopicException.class, Kind.BAD_RECORD),
          entry(RecordBatchTooLargeException.class, Kind.BAD_RECORD),
          entry(RecordTooLargeException.class, Kind.BAD_RECORD),
          entry(SerializationException.class, Kind.BAD_RECORD),
          // What passes by itself, or once the client has begun anew.
          entry(RetriableException.class, Kind.UNAVAILABLE),
          entry(ApplicationRecoverableException.class, Kind.UNAVAILABLE),
          entry(BootstrapResolutionException.class, Kind.UNAVAILABLE),
          entry(BrokerNotAvailableException.class, Kind.UNAVAILABLE),
          entry(ControllerMovedException.class, Kind.UNAVAILABLE),
          entry(DuplicateSequenceException.class, Kind.UNAVAILABLE),
          entry(FencedMemberEpochException.class, Kind.UNAVAILABLE),
          entry(InvalidOffsetException.class, Kind.UNAVAILABLE),
          entry(MemberIdRequiredException.class, Kind.UNAVAILABLE),
          entry(NewLeaderElectedException.class, Kind.UNAVAILABLE),
          entry(OffsetMovedToTieredStorageException.class, Kind.UNAVAILABLE),
          entry(OperationNotAttemptedException.class, Kind.UNAVAILABLE),
          entry(OutOfOrderSequenceException.class, Kind.UNAVAILABLE),
          entry(PositionOutOfRangeException.class, Kind.UNAVAILABLE),
          entry(ReassignmentInProgressException.class, Kind.UNAVAILABLE),
          entry(RebalanceInProgressException.class, Kind.UNAVAILABLE),
          entry(RebootstrapRequiredException.class, Kind.UNAVAILABLE),
          entry(StaleBrokerEpochException.class, Kind.UNAVAILABLE),
          entry(StaleMemberEpochException.class, Kind.UNAVAILABLE),
          entry(TransactionAbortableException.class, Kind.UNAVAILABLE),
          entry(TransactionAbortedException.class, Kind.UNAVAILABLE),
          entry(TransactionCoordinatorFencedException.class, Kind.UNAVAILABLE),
          entry(UnknownServerException.class, Kind.UNAVAILABLE),
          entry(UnreleasedInstanceIdException.class, Kind.UNAVAILABLE));

  private static final Map<Class<?>, String> ADVICE =
      Map.ofEntries(
          entry(
              InconsistentGroupProtocolException.class,
              "its members use other assignors than the gateway:"
                  + " kafka.properties.partition.assignment.strategy has to name one that all of"
                  + " them use, or kafka.properties.group.protocol the protocol of the group"),
          entry(
              RecordTooLargeException.class,
              "the topic's max.message.bytes, or the brokers' message.max.bytes, is less"),
          entry(
              UnsupportedAssignorException.class,
              "kafka.properties.group.remote.assignor has to name one that the brokers have"),
          entry(
              GroupIdNotFoundException.class,
              "the group may be of another protocol than kafka.properties.group.protocol says"),
          entry(
              InvalidSessionTimeoutException.class,
              "kafka.properties.session.timeout.ms has to be within the brokers'"
                  + " group.min.session.timeout.ms and group.max.session.timeout.ms"),
          entry(
              GroupMaxSizeReachedException.class,
              "the brokers' group.max.size says how many members a group may have"),
          entry(
              UnsupportedCompressionTypeException.class,
              "kafka.properties.compression.type has to be one that the topic's brokers know"),
          entry(
              InvalidReplicationFactorException.class,
              "the brokers' default.replication.factor is for more brokers than there are"));

  private KafkaErrorKinds() {}

  /** Empty for what is no answer of a broker. */
  public static Optional<Kind> kind(Throwable failure) {
    return kindOf(failure.getClass());
  }

  public static Optional<Kind> kindOf(Class<?> failure) {
    return nearest(KINDS, failure);
  }

  /** What an operator can change, where that is more than the error says. */
  public static Optional<String> advice(Throwable failure) {
    return nearest(ADVICE, failure.getClass());
  }

  private static <T> Optional<T> nearest(Map<Class<?>, T> listed, Class<?> failure) {
    for (var type = failure; type != null; type = type.getSuperclass()) {
      var found = listed.get(type);
      if (found != null) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }
}
