package io.liiklus.storage.kafka.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingFaults;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupMaxSizeReachedException;
import org.apache.kafka.common.errors.InconsistentGroupProtocolException;
import org.apache.kafka.common.errors.InvalidSessionTimeoutException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;

class KafkaFailuresTest {

  /** All that the clients' jar has. */
  private static Stream<Class<?>> brokersErrors() throws Exception {
    var jar =
        Path.of(ApiException.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (var opened = new JarFile(jar.toFile())) {
      var classes =
          opened.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.endsWith("Exception.class") && !name.contains("shaded"))
              .map(KafkaFailuresTest::load)
              .filter(ApiException.class::isAssignableFrom)
              .filter(type -> !Modifier.isAbstract(type.getModifiers()))
              .toList();
      return classes.stream();
    }
  }

  private static Class<?> load(String file) {
    var name = file.substring(0, file.length() - ".class".length()).replace('/', '.');
    try {
      return Class.forName(name, false, ApiException.class.getClassLoader());
    } catch (ClassNotFoundException notThere) {
      throw new AssertionError(notThere);
    }
  }

  @Test
  void jar_hasManyBrokersErrors() throws Exception {
    assertThat(brokersErrors().count()).isGreaterThan(100);
  }

  @ParameterizedTest
  @MethodSource("brokersErrors")
  void errorOfABroker_isNoFaultOfTheGateway(Class<?> type) {
    assertThat(KafkaErrorKinds.kindOf(type)).isPresent().get().isNotEqualTo(Kind.INTERNAL);
  }

  @ParameterizedTest
  @EnumSource(value = Errors.class, mode = Mode.EXCLUDE, names = "NONE")
  void answerOfABroker_isNoFaultOfTheGatewayHoweverItIsWrapped(Errors error) {
    var answer = error.exception("why");

    for (var failure :
        new Throwable[] {
          answer,
          new CompletionException(answer),
          new KafkaException("sending failed", answer),
          new KafkaException(new KafkaException(answer))
        }) {
      var known = KafkaFailures.of(failure);
      assertThat(known.kind()).isNotIn(Kind.INTERNAL, Kind.DATA_LOSS);
      assertThat(known).hasMessageStartingWith("Kafka: why");
    }
  }

  @Test
  void refusal_namesTheSettingToChange() {
    assertKind(new InconsistentGroupProtocolException("why"), Kind.PRECONDITION)
        .contains("kafka.properties.partition.assignment.strategy");
    assertKind(new InvalidSessionTimeoutException("why"), Kind.PRECONDITION)
        .contains("kafka.properties.session.timeout.ms");
    assertKind(new UnsupportedCompressionTypeException("why"), Kind.PRECONDITION)
        .contains("kafka.properties.compression.type");
    assertKind(new GroupMaxSizeReachedException("why"), Kind.EXHAUSTED).contains("group.max.size");
    assertKind(new UnsupportedVersionException("too old"), Kind.PRECONDITION).contains("too old");
  }

  @Test
  void missingRight_isRefused() {
    assertKind(new TopicAuthorizationException("topic"), Kind.REFUSED);
    assertKind(
        new KafkaException("in an error state", new ClusterAuthorizationException("no right")),
        Kind.REFUSED);
  }

  @Test
  void passingFailure_isUnavailable() {
    assertKind(new TimeoutException("late"), Kind.UNAVAILABLE);
    assertKind(new UnknownServerException("broken"), Kind.UNAVAILABLE);
    assertKind(
        new KafkaException("Unexpected error in join group response: broken"), Kind.UNAVAILABLE);
  }

  @Test
  void faultOfTheMachine_isUnavailable() {
    assertKind(new KafkaException(new UnsatisfiedLinkError("no zstd")), Kind.UNAVAILABLE)
        .contains("no zstd", "java.io.tmpdir=" + System.getProperty("java.io.tmpdir"));
    assertKind(new OutOfMemoryError("Java heap space"), Kind.UNAVAILABLE)
        .contains("Java heap space");
    assertKind(
        new KafkaException(
            "Failed to construct kafka consumer", new NoSuchFileException("trust.pem")),
        Kind.UNAVAILABLE);
  }

  @Test
  void sendAfterTheProducersEnd_isClosed() {
    Map<String, Object> config = Map.of("bootstrap.servers", "127.0.0.1:1", "max.block.ms", 0);
    var serializer = new ByteArraySerializer();
    var producer = new KafkaProducer<>(config, serializer, serializer);
    producer.close(Duration.ZERO);

    assertThatThrownBy(() -> producer.send(new ProducerRecord<>("t", new byte[0])))
        .satisfies(failure -> assertKind(failure, Kind.CLOSED));
  }

  @Test
  void unknownFailure_isInternal() {
    assertKind(new KafkaException("whatever"), Kind.INTERNAL);
    assertKind(new IllegalStateException("whatever"), Kind.INTERNAL);
    assertKind(new KafkaException("whatever", new IOException("why")), Kind.INTERNAL);
  }

  @Test
  void refusedLogin_isUnavailableToOneWhoIsLetInAlready() {
    var refused = KafkaFailures.of(new SaslAuthenticationException("no such user"));
    var noRight = KafkaFailures.of(new TopicAuthorizationException("topic"));

    assertThat(refused.kind()).isEqualTo(Kind.REFUSED);
    assertThat(KafkaFailures.waitedOut(refused).kind()).isEqualTo(Kind.UNAVAILABLE);
    assertThat(KafkaFailures.waitedOut(noRight)).isSameAs(noRight);
  }

  @Test
  void faultOfTheMachineAlone_isReported() {
    var faults = new StandingFaults(() -> 0);
    KafkaFailures.report(new KafkaException("whatever"), faults);
    KafkaFailures.report(
        new UnknownServerException("broken", new UnsatisfiedLinkError("no codec")), faults);
    assertThat(faults.check()).isCompleted();

    KafkaFailures.report(new KafkaException(new UnsatisfiedLinkError("no codec")), faults);
    assertThat(faults.check()).isCompletedExceptionally();
  }

  private static org.assertj.core.api.AbstractStringAssert<?> assertKind(
      Throwable failure, Kind kind) {
    var known = KafkaFailures.of(failure);
    assertThat(known.kind()).isEqualTo(kind);
    return assertThat(known.getMessage());
  }
}
