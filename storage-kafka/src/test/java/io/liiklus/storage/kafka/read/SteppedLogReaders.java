package io.liiklus.storage.kafka.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.read.LogReader;
import io.liiklus.storage.read.LogReaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;

/** Opens Kafka's log readers over consumers of a test. Immutable. */
public final class SteppedLogReaders implements LogReaders {

  private static final int MAX_POLL_RECORDS = 500;

  private final Supplier<? extends Consumer<ByteBuffer, ByteBuffer>> tails;
  private final Supplier<? extends Consumer<ByteBuffer, ByteBuffer>> catchUps;
  private final StandingFaults faults;

  public SteppedLogReaders(
      Supplier<? extends Consumer<ByteBuffer, ByteBuffer>> tails,
      Supplier<? extends Consumer<ByteBuffer, ByteBuffer>> catchUps,
      StandingFaults faults) {
    this.tails = tails;
    this.catchUps = catchUps;
    this.faults = faults;
  }

  @Override
  public LogReader openAtTail() {
    return new KafkaTailReader(open(tails), faults, SteppedLogReaders::close);
  }

  @Override
  public LogReader openBehind() {
    return new KafkaCatchUpReader(
        isSingle -> open(catchUps), faults, SteppedLogReaders::close, MAX_POLL_RECORDS);
  }

  private static Consumer<ByteBuffer, ByteBuffer> open(
      Supplier<? extends Consumer<ByteBuffer, ByteBuffer>> consumers) {
    try {
      return consumers.get();
    } catch (KafkaException failure) {
      throw new StorageException(Kind.UNAVAILABLE, failure.getMessage(), failure);
    }
  }

  private static void close(Consumer<?, ?> consumer) {
    try {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    } catch (KafkaException failure) {
      // As a real one, which is closed then all the same.
    }
  }

  @Override
  public void onFault(Throwable fault) {
    faults.onMachine(fault);
  }
}
