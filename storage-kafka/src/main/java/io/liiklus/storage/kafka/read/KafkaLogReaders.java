package io.liiklus.storage.kafka.read;

import io.liiklus.api.StorageException;
import io.liiklus.api.StorageException.Kind;
import io.liiklus.storage.fault.MachineFaults;
import io.liiklus.storage.fault.StandingFaults;
import io.liiklus.storage.kafka.client.KafkaClientConfigs;
import io.liiklus.storage.kafka.client.KafkaFailures;
import io.liiklus.storage.read.LogReader;
import io.liiklus.storage.read.LogReaders;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opener of readers of Kafka's logs: consumers that are in no group. Thread-safe. */
public final class KafkaLogReaders implements LogReaders {

  private static final Logger log = LoggerFactory.getLogger(KafkaLogReaders.class);

  private final KafkaClientConfigs clients;
  private final StandingFaults faults;
  private final Duration closeTimeout;
  private final int maxPollRecords;

  public KafkaLogReaders(KafkaClientConfigs clients, StandingFaults faults, Duration closeTimeout) {
    this.clients = clients;
    this.faults = faults;
    this.closeTimeout = closeTimeout;
    this.maxPollRecords =
        new ConsumerConfig(clients.catchUpReader()).getInt(ConsumerConfig.MAX_POLL_RECORDS_CONFIG);
  }

  @Override
  public LogReader openAtTail() {
    return new KafkaTailReader(open(clients.tailReader()), faults, this::close);
  }

  @Override
  public LogReader openBehind() {
    return new KafkaCatchUpReader(this::openConsumer, faults, this::close, maxPollRecords);
  }

  private Consumer<ByteBuffer, ByteBuffer> openConsumer(boolean isForSingleRecords) {
    return open(isForSingleRecords ? clients.singleRecordReader() : clients.catchUpReader());
  }

  @Override
  public void onFault(Throwable fault) {
    faults.onMachine(fault);
  }

  private Consumer<ByteBuffer, ByteBuffer> open(Map<String, Object> config) {
    try {
      return new KafkaConsumer<>(config);
    } catch (KafkaException | Error failure) {
      KafkaFailures.report(failure, faults);
      var reason =
          KafkaFailures.isOfMachine(failure) ? MachineFaults.text(failure) : failure.getMessage();
      // The Admin client has the same settings, so the name service is away.
      throw new StorageException(Kind.UNAVAILABLE, "cannot open a consumer: " + reason, failure);
    }
  }

  private void close(Consumer<?, ?> consumer) {
    try {
      consumer.close(CloseOptions.timeout(closeTimeout));
    } catch (RuntimeException | Error failure) {
      log.warn("closing a consumer failed, reason={}", failure.getMessage());
    }
  }
}
