package io.liiklus.storage.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.liiklus.storage.group.ModelScenario.Mode;
import java.util.ArrayList;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * Seeded histories of gateways, members, stores and topics on one thread, in virtual time. More of
 * them by {@code -Dliiklus.groups.seeds=2000}, others by {@code -Dliiklus.groups.seed=1000}; a
 * failure prints its seed and a script that is as short as it gets.
 */
class GroupModelTest {

  private static final Logger LOGS =
      (Logger) LoggerFactory.getLogger(GroupModelTest.class.getPackageName());
  private static final int SEEDS = Integer.getInteger("liiklus.groups.seeds", 50);

  /** Of up to 40 members and 50 partitions. */
  private static final int LARGEST_DOCUMENT = 16 << 10;

  private static final int FIRST = Integer.getInteger("liiklus.groups.seed", 1);

  @BeforeAll
  static void beSilent() {
    LOGS.setLevel(Level.OFF);
  }

  @AfterAll
  static void speakAgain() {
    LOGS.setLevel(null);
  }

  @ParameterizedTest
  @EnumSource
  void invariants_holdInEachHistory(Mode mode) {
    var figures = new ModelFigures();
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      var scenario = ModelScenario.draw(mode, seed);
      var violation = ModelRun.violation(scenario, false, figures);
      if (violation != null) {
        var shrunk = shrink(scenario, violation.kind);
        ModelRun.violation(shrunk, true, figures);
        fail(violation.getMessage() + "\n" + shrunk, violation);
      }
    }
    assertThat(figures.begins()).as("assignments in %s", figures).isPositive();
    assertThat(figures.largestDocument()).isLessThan(LARGEST_DOCUMENT);
  }

  /** Takes changes and faults away as long as the same goes wrong. */
  private static ModelScenario shrink(ModelScenario failing, String kind) {
    var best = failing;
    boolean isSmaller = true;
    while (isSmaller) {
      isSmaller = false;
      for (int i = best.changes.size() - 1; i >= 0; i--) {
        var fewer = new ArrayList<>(best.changes);
        fewer.remove(i);
        var tried = best.with(fewer);
        if (fails(tried, kind)) {
          best = tried;
          isSmaller = true;
        }
      }
      var simpler = simplify(best);
      if (!simpler.toString().equals(best.toString()) && fails(simpler, kind)) {
        best = simpler;
        isSmaller = true;
      }
    }
    return best;
  }

  private static ModelScenario simplify(ModelScenario scenario) {
    var simpler = scenario.with(scenario.changes);
    simpler.members = Math.max(1, scenario.members - 1);
    simpler.gateways = Math.max(1, scenario.gateways - 1);
    simpler.partitions = Arrays.stream(scenario.partitions).map(p -> (p + 1) / 2).toArray();
    simpler.late = 0;
    simpler.tail = 0;
    simpler.hiccup = 0;
    return simpler;
  }

  private static boolean fails(ModelScenario scenario, String kind) {
    var violation = ModelRun.violation(scenario, false, new ModelFigures());
    return violation != null && violation.kind.equals(kind);
  }
}
