package io.liiklus.server.model;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Members of groups, readers, pumps and acks together, whatever happens in whatever order: what a
 * Receive delivers rises and skips nothing that is there, nothing is delivered after a revocation,
 * a position moves by an Ack alone and no more often than the pace allows, what is due comes, and
 * everything ends, when the gateway is told to end too. A failure tells the seed and a short script
 * that fails as well, for {@link #replay}.
 */
class PumpModelTest {

  /** How many scripts, and from which seed on; set to look further. */
  private static final int SCRIPTS = Integer.getInteger("liiklus.model.scripts", 4_000);

  private static final long FIRST_SEED = Long.getLong("liiklus.model.seed", 1);

  private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.liiklus");

  @BeforeAll
  static void silence() {
    LOG.setLevel(Level.OFF);
  }

  @AfterAll
  static void speak() {
    LOG.setLevel(null);
  }

  @Test
  void anyHistory_deliversDueRecordsInOrderAndEnds() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SCRIPTS; seed++) {
      var script = Script.random(seed);
      try {
        Run.of(script);
      } catch (Throwable failure) {
        throw new AssertionError(
            "seed " + seed + ": " + failure.getMessage() + shrunk(script), failure);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // A tail reader's consumer cannot be closed after a fault.
        "5784242: OPEN 0 0 0, ASSIGN 1 0 0, FAIL 2 51 0, RUN 0 0 0, TURN 1 0 0, TURN 2 0 0,"
            + " FAIL 2 2 0, TAIL 11 0 0",
      })
  void pastFailures_doNotReturn(String script) {
    replay(script);
  }

  private static String shrunk(Script script) {
    var shrunk = new Shrinking(PumpModelTest::fails).shrink(script);
    try {
      replay(shrunk.text());
      return "";
    } catch (Throwable failure) {
      return "\nshrunk: replay(\"" + shrunk.text() + "\")\nwhich fails by " + failure;
    }
  }

  private static boolean fails(Script script) {
    try {
      Run.of(script);
      return false;
    } catch (Throwable failure) {
      return true;
    }
  }

  static void replay(String script) {
    Run.of(Script.parse(script));
  }
}
