package io.liiklus.server.processing;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.RecordBatch;
import io.liiklus.api.RecordPostProcessor;
import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordToPublish;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class ProcessorOrderTest {

  private static class Both implements RecordPreProcessor, RecordPostProcessor {
    @Override
    public CompletionStage<RecordToPublish> preProcess(RecordToPublish record) {
      return CompletableFuture.completedFuture(record);
    }

    @Override
    public CompletionStage<Optional<RecordBatch>> postProcess(
        String topic, int partition, RecordBatch batch) {
      return CompletableFuture.completedFuture(Optional.of(batch));
    }
  }

  private static final class P1 extends Both {}

  private static final class P2 extends Both {}

  private static final class P3 extends Both {}

  private static final String[] NAMES = {
    P1.class.getName(), P2.class.getName(), P3.class.getName()
  };

  private static Processing processing(Map<String, Integer> numbers) {
    var ignoringCase = new TreeMap<String, Integer>(String.CASE_INSENSITIVE_ORDER);
    ignoringCase.putAll(numbers);
    var all = List.of(new P3(), new P1(), new P2());
    return Processing.of(
        List.copyOf(all),
        List.copyOf(all),
        new Processing.Options(new ProcessorOrder(ignoringCase), Duration.ofSeconds(1)));
  }

  private static void assertOrder(Map<String, Integer> numbers, int... order) {
    var processing = processing(numbers);
    var in = processing.in().all().stream().map(Processor::name).toList();
    var out = processing.out().all().stream().map(Processor::name).toList();
    assertThat(in).containsExactly(NAMES[order[0] - 1], NAMES[order[1] - 1], NAMES[order[2] - 1]);
    assertThat(out).containsExactly(NAMES[order[2] - 1], NAMES[order[1] - 1], NAMES[order[0] - 1]);
  }

  @Test
  void noNumbers_orderByName() {
    assertOrder(Map.of(), 1, 2, 3);
  }

  @Test
  void negativeNumbers_areBeforeThoseWithout() {
    assertOrder(Map.of(NAMES[1], -100, NAMES[2], -50), 2, 3, 1);
  }

  @Test
  void positiveNumbers_areBehindThoseWithout() {
    assertOrder(Map.of(NAMES[1], 100, NAMES[2], 50), 1, 3, 2);
  }

  @Test
  void equalNumbers_orderByName() {
    assertOrder(Map.of(NAMES[2], -100, NAMES[1], -100), 2, 3, 1);
  }

  @Test
  void nameInAnyCase_isFound() {
    assertOrder(Map.of(NAMES[2].toLowerCase(Locale.ROOT), -1), 3, 1, 2);
  }
}
