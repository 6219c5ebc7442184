package io.liiklus.storage.kafka.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.storage.kafka.client.KafkaFailures;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnreadableRecordsTest {

  private static KafkaException atRecord(Throwable cause) {
    return new KafkaException(
        "Received exception when fetching the next record from t-0. If needed, please seek past"
            + " the record to continue consumption.",
        cause);
  }

  private static Stream<KafkaException> damages() {
    return Stream.of(
        new CorruptRecordException("size 3 is less than the minimum"),
        new SerializationException("no number"),
        new KafkaException("Record batch for partition t-0 at offset 5 is invalid, cause: crc"),
        new KafkaException("Record for partition t-0 at offset 5 is invalid, cause: crc"),
        new KafkaException("Encountered corrupt message when fetching offset 5 for t-0"),
        atRecord(new InvalidRecordException("Found invalid record structure")),
        atRecord(
            new KafkaException(
                "Failed to decompress record stream",
                new IOException("Data corruption detected"))));
  }

  @ParameterizedTest
  @MethodSource("damages")
  void damage_isTheRecords(KafkaException failure) {
    assertThat(UnreadableRecords.mayBe(failure)).isTrue();
    assertThat(UnreadableRecords.passes(failure)).isFalse();
  }

  private static Stream<KafkaException> faultsOfTheMachine() {
    return Stream.of(
        atRecord(new KafkaException(new UnsatisfiedLinkError("no snappyjava"))),
        atRecord(new KafkaException(new NoClassDefFoundError("Could not initialize class"))),
        atRecord(new KafkaException(new ExceptionInInitializerError("Cannot unpack libzstd"))),
        atRecord(new KafkaException(new OutOfMemoryError("Java heap space"))),
        atRecord(
            new KafkaException(
                "Failed to decompress record stream",
                new IOException("Allocation error : not enough memory"))),
        new KafkaException(new StackOverflowError()));
  }

  @ParameterizedTest
  @MethodSource("faultsOfTheMachine")
  void faultOfTheMachine_isNotTheRecords(KafkaException failure) {
    assertThat(UnreadableRecords.mayBe(failure)).isFalse();
    assertThat(KafkaFailures.isOfMachine(failure)).isTrue();
  }

  private static Stream<KafkaException> others() {
    return Stream.of(
        // What it failed with before was none of Kafka's, and is forgotten.
        atRecord(null),
        new KafkaException("Failed to construct kafka consumer"),
        new TopicAuthorizationException("t"),
        new DisconnectException(),
        new SaslAuthenticationException("no such user"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void otherFailure_isNotTheRecords(KafkaException failure) {
    assertThat(UnreadableRecords.mayBe(failure)).isFalse();
  }
}
