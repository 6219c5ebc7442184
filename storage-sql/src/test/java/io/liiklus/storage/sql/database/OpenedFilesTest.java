package io.liiklus.storage.sql.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.liiklus.api.LoggedLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenedFilesTest {

  private final LoggedLines lines = LoggedLines.of(OpenedFiles.class.getName());

  @TempDir private Path folder;
  private Path file;
  private Path beside;

  @BeforeEach
  void make() throws Exception {
    file = Files.createFile(folder.resolve("x.db"));
    beside = Files.createFile(folder.resolve("x.db-wal"));
  }

  @AfterEach
  void close() {
    lines.close();
  }

  @Test
  void filesThatStay_areTheSameWhateverIsInThem() throws Exception {
    var opened = opened();
    Files.writeString(file, "grown");
    Files.move(file, folder.resolve("away"));
    Files.move(folder.resolve("away"), file);

    opened.look();

    opened.requireSame();
    assertThat(opened.lost()).isNull();
    assertThat(lines.all()).isEmpty();
  }

  @Test
  void removedFile_isLostForGoodAndLoggedOnce() throws Exception {
    var opened = opened();
    Files.move(file, folder.resolve("away"));
    opened.look();
    Files.move(folder.resolve("away"), file);
    opened.look();

    assertThatThrownBy(opened::requireSame).isSameAs(opened.lost());
    assertThat(opened.lost().isNotStored()).isTrue();
    assertThat(lines.warnings())
        .singleElement()
        .asString()
        .contains("file=" + file + " changed=[x.db] pid=" + ProcessHandle.current().pid());
  }

  @Test
  void replacedFileBeside_isNamed() throws Exception {
    var opened = opened();
    // While the other is there: its key is not given again.
    var other = Files.createFile(folder.resolve("other"));
    Files.delete(beside);
    Files.move(other, beside);

    opened.look();

    assertThat(lines.warnings()).singleElement().asString().contains("changed=[x.db-wal]");
  }

  @Test
  void fileThatWasNotThere_isNotWatched() throws Exception {
    Files.delete(beside);
    var opened = opened();
    Files.createFile(beside);

    opened.look();

    assertThat(opened.lost()).isNull();
  }

  private OpenedFiles opened() {
    return new OpenedFiles(file, List.of(file, beside));
  }
}
