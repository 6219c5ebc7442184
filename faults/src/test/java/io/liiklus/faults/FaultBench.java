package io.liiklus.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.faults.load.LibraryLoad;
import java.util.List;
import java.util.Random;

/**
 * Runner of faults for tests: on a stage of the class's own, in the deployment of all. Confined to
 * the test's thread.
 */
final class FaultBench implements AutoCloseable {

  /** The same faults at each run. */
  private static final long SEED = 1;

  private final Stage stage;

  private final Baseline baseline;

  /** Null where there is none. */
  private LibraryLoad library;

  private FaultBench(Stage stage, Baseline baseline) {
    this.stage = stage;
    this.baseline = baseline;
  }

  static FaultBench open(String topic) {
    return open(SharedDeployment.baseline(), topic);
  }

  /**
   * @param baseline of the deployment to break
   */
  static FaultBench open(Baseline baseline, String topic) {
    return new FaultBench(Stage.open(baseline.deployment(), topic, new Random(SEED)), baseline);
  }

  /** With a publisher and a group by the client library, too. */
  static FaultBench openWithLibrary(String topic) {
    var bench = open(topic);
    var stage = bench.stage;
    bench.library =
        LibraryLoad.start(stage.group(topic + "-library"), stage.deployment().addresses());
    return bench;
  }

  void run(Fault fault) {
    var run = FaultRun.of(fault, stage);
    System.out.println(run.line());
    assertThat(run.problems())
        .as("%s; journal %s%n%s", run.title(), stage.journal().file(), run.details())
        .isEmpty();
  }

  Stage stage() {
    return stage;
  }

  /** Ends the clients, and fails where they have left anything behind. */
  @Override
  public void close() {
    if (library != null) {
      library.close();
    }
    stage.close();
    assertThat(baseline.leftovers(stage.groups())).isEmpty();
    for (var gateway : stage.deployment().gateways()) {
      assertThat(gateway.log().problems(List.of())).isEmpty();
    }
  }
}
