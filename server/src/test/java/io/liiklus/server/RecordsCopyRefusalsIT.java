package io.liiklus.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.server.gateway.RecordsCopy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arguments and settings of a copy that do not fit: each text names the option and the storage. */
class RecordsCopyRefusalsIT {

  @TempDir private Path folder;
  private RecordsCopy copy;

  @BeforeEach
  void makeTheSource() throws IOException {
    copy = new RecordsCopy(folder);
    copy.source().fill(0, 1);
  }

  @Test
  void typeThatIsNone_isNamedWithItsOptionAndThoseThatAre() {
    requireRefusal(
        List.of("--from", "SQLITE", "--to", "KAFKA"),
        "--from: there is no storage SQLITE; known are KAFKA, SQL");
    requireRefusal(
        List.of("--from", "SQL", "--from-config", copy.from().toString(), "--to", "memory"),
        "--to: records in MEMORY are those of one gateway's process; known are KAFKA, SQL");
    requireRefusal(
        List.of("--from", "SQL", "--to", "KAFKA", "--from-positions", "SQLITE"),
        "--from-positions: there is no storage SQLITE; known are KAFKA, REDIS, SQL");
  }

  @Test
  void fileThatIsMissing_isNamedWithItsOption() {
    var missing = folder.resolve("none.conf");
    requireRefusal(
        List.of("--from", "SQL", "--to", "SQL", "--from-config", missing.toString()),
        "--from-config: there is no file " + missing);
    requireRefusal(
        List.of(
            "--from",
            "SQL",
            "--from-config",
            copy.from().toString(),
            "--to",
            "SQL",
            "--to-config",
            missing.toString()),
        "--to-config: there is no file " + missing);
  }

  private void requireRefusal(List<String> options, String line) {
    var arguments = new ArrayList<>(List.of("records", "copy"));
    arguments.addAll(options);

    assertThat(copy.run(arguments)).isEqualTo(2);

    assertThat(copy.err()).isEqualTo("liiklus: " + line + "\n");
  }

  @Test
  void settingThatDoesNotFit_saysOfWhichStorage() throws Exception {
    var wrong = copy.settings("wrong", "sql.url = \"jdbc:mysql:x\"");

    assertThat(copy.run("SQL", wrong)).isEqualTo(2);

    assertThat(copy.err()).startsWith("liiklus: the target: sql.url: must be empty");
  }

  @Test
  void oneStorageTwice_isRefused() {
    assertThat(copy.run("SQL", copy.from())).isEqualTo(2);

    assertThat(copy.err()).contains("--from and --to name one storage");
  }

  @Test
  void topicThatIsNotThere_isNamedWithItsStorage() throws Exception {
    assertThat(copy.run("SQL", copy.sqlite(folder.resolve("new.db")), "--topic", "none"))
        .isEqualTo(1);

    assertThat(copy.err())
        .startsWith("liiklus: the source (SQL " + copy.database())
        .endsWith("): there is no topic none\n");
  }

  @Test
  void missingSource_isNamedAndNotMade() throws Exception {
    var missing = folder.resolve("missing.db");
    copy.setFrom(copy.sqlite(missing));

    assertThat(copy.run("SQL", copy.sqlite(folder.resolve("new.db")))).isEqualTo(1);

    assertThat(copy.err())
        .startsWith("liiklus: the source (SQL " + missing)
        .endsWith("): sql.url: there is no file " + missing + "\n");
    assertThat(missing).doesNotExist();
  }

  @Test
  void targetOfADryRunThatIsNotThere_wouldBeCreated() throws Exception {
    var missing = folder.resolve("new.db");
    var target = copy.sqlite(missing);

    assertThat(copy.run("SQL", target, "--dry-run")).as(copy.err()).isZero();

    assertThat(copy.err())
        .startsWith("liiklus: the target (SQL " + missing)
        .contains(") is not there yet, and would be created\n")
        .doesNotContain("there is no file");
    assertThat(missing).doesNotExist();
  }

  @Test
  void positionsOfADryRunThatAreNotThere_wouldBeCreated() throws Exception {
    copy.source().store("billing", 0, Map.of(0, 3L));
    var missing = folder.resolve("new.db");
    var arguments = new ArrayList<>(List.of("positions", "copy", "--from", "SQL", "--to", "SQL"));
    arguments.addAll(List.of("--from-config", copy.from().toString()));
    arguments.addAll(List.of("--to-config", copy.sqlite(missing).toString(), "--dry-run"));

    assertThat(copy.run(arguments)).as(copy.err()).isZero();

    assertThat(copy.out()).isEqualTo("new\t%s\tbilling\t0\t0\tnone\t3\n".formatted(copy.topic()));
    assertThat(copy.err())
        .startsWith("liiklus: the target (SQL " + missing)
        .contains(") has no positions so far; what holds them would be created\n")
        .doesNotContain("there is no file");
    assertThat(missing).doesNotExist();
  }
}
