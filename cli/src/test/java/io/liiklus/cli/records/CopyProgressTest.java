package io.liiklus.cli.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.cli.CliException;
import io.liiklus.cli.records.OffsetMap.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CopyProgressTest {

  private static final CopyFile FILE = new CopyFile("SQL /data/liiklus.db", "KAFKA broker:9092");

  @TempDir private Path folder;
  private Path path;

  @BeforeEach
  void nameFile() {
    path = folder.resolve("new/copy.progress");
  }

  @Test
  void progress_comesBackAsSaved() {
    try (var progress = CopyProgress.open(path, FILE, false)) {
      var kept = new TopicProgress("kept", true);
      kept.add(3, 100, 3, 0);
      kept.add(3, 101, 3, 1);
      kept.add(3, 105, 3, 2);
      progress.put(kept);
      var byKey = new TopicProgress("by-key", false);
      byKey.add(0, 9, 1, 77);
      progress.put(byKey);
      progress.save();
    }

    try (var progress = CopyProgress.open(path, FILE, false)) {
      var kept = progress.find("kept");
      assertThat(kept.isTranslatable()).isTrue();
      assertThat(kept.partition(3).next()).isEqualTo(106);
      assertThat(kept.partition(3).offsets().runs())
          .containsExactly(new Run(100, 0, 2), new Run(105, 2, 1));
      assertThat(kept.highest()).isEqualTo(Map.of(3, 2L));
      var byKey = progress.find("by-key");
      assertThat(byKey.isKeepingPartitions()).isFalse();
      assertThat(byKey.partition(0).next()).isEqualTo(10);
      assertThat(byKey.highest()).isEqualTo(Map.of(1, 77L));
      assertThat(progress.find("other")).isNull();
    }
  }

  @Test
  void topicWithoutOffsets_staysUntranslatable() {
    try (var progress = CopyProgress.open(path, FILE, false)) {
      var topic = new TopicProgress("t", true);
      topic.add(0, 5, 0, -1);
      progress.put(topic);
      progress.save();
    }

    try (var progress = CopyProgress.open(path, FILE, false)) {
      assertThat(progress.find("t").isTranslatable()).isFalse();
      assertThat(progress.find("t").partition(0).next()).isEqualTo(6);
    }
  }

  @Test
  void fileOfAnotherCopy_isRefusedAndUnlocked() {
    try (var progress = CopyProgress.open(path, FILE, false)) {
      progress.save();
    }
    var other = new CopyFile("SQL /elsewhere.db", "KAFKA broker:9092");

    assertThatThrownBy(() -> CopyProgress.open(path, other, false))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("is of a copy from SQL /data/liiklus.db to KAFKA broker:9092");

    CopyProgress.open(path, FILE, false).close();
  }

  @Test
  void fileThatIsCutAnywhere_isRefused() throws Exception {
    try (var progress = CopyProgress.open(path, FILE, false)) {
      var topic = new TopicProgress("t", true);
      topic.add(0, 5, 0, 0);
      topic.add(1, 7, 1, 0);
      progress.put(topic);
      progress.save();
    }
    var whole = Files.readString(path);

    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(path, whole.substring(0, length));
      assertThatThrownBy(() -> CopyProgress.open(path, FILE, true))
          .as("the first %d characters", length)
          .isInstanceOf(CliException.class)
          .hasMessageStartingWith("--progress: " + path + " is ");
    }
    Files.writeString(path, "");
    assertThatThrownBy(() -> CopyProgress.open(path, FILE, true))
        .hasMessageEndingWith("is empty, cut or damaged; delete it to begin again");
  }

  @Test
  void changedFile_isRefused() throws Exception {
    try (var progress = CopyProgress.open(path, FILE, false)) {
      progress.put(new TopicProgress("t", true));
      progress.save();
    }
    var whole = Files.readString(path);

    for (var text : List.of(whole.replace("keep", "keys"), whole + "next\t0\t1\n")) {
      Files.writeString(path, text);
      assertThatThrownBy(() -> CopyProgress.open(path, FILE, true))
          .hasMessageContaining("is empty, cut or damaged");
    }
  }

  @Test
  void secondCopy_isRefusedWhileOneRuns() {
    try (var first = CopyProgress.open(path, FILE, false)) {
      assertThatThrownBy(() -> CopyProgress.open(path, FILE, false))
          .hasMessageContaining("in use by another copy");
      assertThat(first.find("t")).isNull();
    }
  }

  @Test
  void dryRun_makesNothing() {
    CopyProgress.open(path, FILE, true).close();

    assertThat(folder).isEmptyDirectory();
  }
}
