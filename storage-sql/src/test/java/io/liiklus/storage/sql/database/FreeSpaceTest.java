package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.LoggedLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FreeSpaceTest {

  private static final Duration HOUR = Duration.ofHours(1);

  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - HOUR.toNanos());
  private final LoggedLines lines = LoggedLines.of(FreeSpace.class.getName());
  private final FreeSpace space = new FreeSpace(Path.of("/data/x.db"), 1000, nowNs::get);

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void enoughRoom_isNotLogged() {
    space.onFree(1000);

    assertThat(lines.all()).isEmpty();
  }

  @Test
  void littleRoom_isLoggedWithFileAndSetting() {
    space.onFree(999);

    assertThat(lines.warnings())
        .singleElement()
        .asString()
        .contains("file=/data/x.db free=999 sql.freeSpaceWarning=1000")
        .contains("sql.retention.time");
  }

  @Test
  void roomThatStaysLow_isLoggedOnceAnHour() {
    space.onFree(999);
    nowNs.addAndGet(HOUR.toNanos() - 1);
    space.onFree(998);
    assertThat(lines.warnings()).hasSize(1);

    nowNs.addAndGet(1);
    space.onFree(997);

    assertThat(lines.warnings()).hasSize(2);
  }

  @Test
  void roomThatComesAndGoes_isLoggedNoMoreOften() {
    for (int i = 0; i < 5; i++) {
      space.onFree(999);
      space.onFree(1001);
    }

    assertThat(lines.warnings()).hasSize(1);
    assertThat(lines.all()).hasSize(2).last().asString().contains("has room again");
  }

  @Test
  void warningOfZero_isNone() {
    new FreeSpace(Path.of("x.db"), 0, nowNs::get).onFree(0);

    assertThat(lines.all()).isEmpty();
  }

  @Test
  void missingFile_isNoFailure() {
    new FreeSpace(Path.of("/none/x.db"), 1, nowNs::get).look();

    assertThat(lines.warnings()).isEmpty();
  }
}
