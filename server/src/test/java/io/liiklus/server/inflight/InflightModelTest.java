package io.liiklus.server.inflight;

import static org.assertj.core.api.Assertions.fail;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Thousands of generated histories of one partition. A failure prints the seed and the shortest
 * script that was found for it: give that to {@link InflightModel#run}, and keep it in {@link
 * #pastFailures_doNotReturn} with the fix. For more: {@code -Dliiklus.inflight.scripts=100000
 * -Dliiklus.inflight.seed=1}.
 */
class InflightModelTest {

  private static final int SCRIPTS = Integer.getInteger("liiklus.inflight.scripts", 3_000);
  private static final long FIRST_SEED = Long.getLong("liiklus.inflight.seed", 20_261_130);
  private static final int STEPS = 60;
  private static final List<RetryOrder> ORDERS = List.of(RetryOrder.values());

  @Test
  void randomHistories_loseNothingAndKeepTheirOrder() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCRIPTS; seed++) {
      var random = new Random(seed);
      var script = new ArrayList<InflightModel.Step>();
      for (int i = 0; i < STEPS; i++) {
        script.add(InflightModel.Step.random(random));
      }
      var order = ORDERS.get((int) (seed % ORDERS.size()));
      var failure = failure(order, script);
      if (failure != null) {
        var shortest = shrink(order, script);
        fail("seed=%d order=%s script=%s", seed, order, shortest, failure(order, shortest));
      }
    }
  }

  @Test
  void pastFailures_doNotReturn() {
    // None so far.
  }

  private static List<InflightModel.Step> shrink(
      RetryOrder order, List<InflightModel.Step> script) {
    var shortest = new ArrayList<>(script);
    for (int size = shortest.size() / 2; size > 0; size /= 2) {
      int at = 0;
      while (at + size <= shortest.size()) {
        var shorter = new ArrayList<>(shortest);
        shorter.subList(at, at + size).clear();
        if (failure(order, shorter) != null) {
          shortest = shorter;
        } else {
          at += size;
        }
      }
    }
    return shortest;
  }

  private static Throwable failure(RetryOrder order, List<InflightModel.Step> script) {
    try {
      new InflightModel(order).run(script);
      return null;
    } catch (AssertionError | RuntimeException failure) {
      return failure;
    }
  }
}
