package io.liiklus.cli.positions;

import static org.assertj.core.api.Assertions.assertThat;

import io.liiklus.api.GroupId;
import io.liiklus.api.PositionsStorage;
import io.liiklus.cli.LiiklusCli;
import io.liiklus.cli.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionsCommandTest {

  private static final String HEADER = "{\"format\":\"liiklus-positions\",\"version\":1}\n";

  private final MapPositions first = new MapPositions();
  private final MapPositions second = new MapPositions();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final CompletableFuture<Void> interruption = new CompletableFuture<>();

  @TempDir private Path folder;

  @Test
  void export_isSortedAndSelected() {
    put(first, "orders", "billing", 1, Map.of(10, 5L, 2, 7L));
    put(first, "orders", "billing", 0, Map.of(0, 1L));
    put(first, "orders", "audit", 0, Map.of(0, 1L));
    put(first, "other", "billing", 1, Map.of(0, 1L));

    assertThat(run("", "export", "--from", "FIRST", "--topic", "ord*s", "--group", "bi?ling-v1"))
        .isZero();
    assertThat(out())
        .isEqualTo(
            HEADER
                + "{\"topic\":\"orders\",\"group\":\"billing\",\"version\":1,"
                + "\"positions\":{\"2\":7,\"10\":5}}\n");
    assertThat(err()).isEqualTo("liiklus: exported 2 positions of 1 group versions from FIRST\n");
  }

  @Test
  void exportToFile_isImported() throws Exception {
    put(first, "orders", "billing", 1, Map.of(10, 5L, 2, 7L));
    put(first, "orders", "x.*", 0, Map.of(0, -1L));
    var file = folder.resolve("positions.jsonl");

    assertThat(run("", "export", "--output", file.toString())).isZero();
    assertThat(run("", "import", "--to", "SECOND", file.toString())).isZero();

    assertThat(second.stored).isEqualTo(first.stored);
    assertThat(out()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void storageThatWasJustOpened_isWaitedFor() {
    put(first, "t", "g", 0, Map.of(0, 1L));
    first.awayReads = 1;
    second.awayReads = 2;

    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND")).isZero();

    assertThat(second.stored).isEqualTo(first.stored);
  }

  @Test
  void dryRun_printsWhatWouldChangeAndWritesNothing() {
    put(first, "t", "g", 0, Map.of(0, 1L, 1, 20L, 2, 3L, 3, 4L));
    put(second, "t", "g", 0, Map.of(1, 10L, 2, 30L, 3, 4L, 4, 5L));
    put(second, "t", "h", 2, Map.of(0, 6L));

    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND", "--dry-run")).isZero();

    assertThat(out())
        .isEqualTo(
            """
            new	t	g	0	0	none	1
            forward	t	g	0	1	10	20
            back	t	g	0	2	30	3
            only there	t	g	0	4	5	kept
            only there	t	h	2	0	6	kept
            """);
    assertThat(err())
        .isEqualTo(
            "liiklus: nothing was written to the target (SECOND): 1 new, 1 forward, 1 back, 1"
                + " the same, 2 only there and left alone\n");
    assertThat(second.writes).isEmpty();
  }

  @Test
  void positionThatWouldGoBack_keepsAllFromBeingWritten() {
    put(first, "t", "g", 0, Map.of(0, 1L, 2, 3L));
    put(second, "t", "g", 0, Map.of(2, 30L));

    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND")).isEqualTo(1);

    assertThat(err())
        .startsWith(
            "liiklus: nothing was written: 1 positions of the target (SECOND) would go back, the"
                + " first of topic t, group g, version 0, partition 2 from 30 to 3; ")
        .contains("--overwrite")
        .hasLineCount(1);
    assertThat(second.writes).isEmpty();
  }

  @Test
  void overwrite_setsPositionsBackAndLeavesOthersAlone() {
    put(first, "t", "g", 0, Map.of(0, 1L, 2, 3L));
    put(second, "t", "g", 0, Map.of(2, 30L, 4, 5L));

    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND", "--overwrite")).isZero();

    assertThat(second.stored.get(new TopicGroup("t", new GroupId("g", 0))))
        .isEqualTo(Map.of(0, 1L, 2, 3L, 4, 5L));
    assertThat(err())
        .isEqualTo(
            "liiklus: wrote 2 positions to the target (SECOND): 1 new, 0 forward, 1 back, 0 the"
                + " same, 1 only there and left alone\n");
  }

  @Test
  void copyThatFailedHalfWay_isFinishedByTheNext() {
    var offsets = new HashMap<Integer, Long>();
    for (int partition = 0; partition < 3 * PositionsWriter.MAX_POSITIONS; partition++) {
      offsets.put(partition, 7L);
    }
    put(first, "t", "g", 0, offsets);
    second.failFrom = 2;

    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND")).isEqualTo(1);
    assertThat(err())
        .isEqualTo(
            "liiklus: the target (SECOND): is away (256 of 768 positions were written; run"
                + " it again to write the rest)\n");
    second.failFrom = Integer.MAX_VALUE;
    second.writes.clear();
    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND")).isZero();
    assertThat(second.stored).isEqualTo(first.stored);
    assertThat(second.writes).hasSize(2);
    second.writes.clear();
    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND")).isZero();
    assertThat(second.writes).isEmpty();
  }

  @Test
  void interruptedCopy_writesNoFurtherBatch() {
    for (int group = 0; group < 5; group++) {
      put(first, "t", "g" + group, 0, Map.of(0, 7L));
    }
    second.onWrite = () -> interruption.complete(null);

    assertThat(run("", "copy", "--from", "FIRST", "--to", "SECOND")).isEqualTo(1);

    assertThat(second.writes).hasSize(1);
    assertThat(err()).startsWith("liiklus: interrupted (1 of 5 positions were written; ");
  }

  @Test
  void badLine_keepsAllFromBeingWritten() {
    var good = "{\"topic\":\"t\",\"group\":\"g\",\"version\":0,\"positions\":{\"0\":1}}\n";

    assertThat(run(HEADER + good + good.replace(":1}", ":-2}"), "import", "--to", "SECOND", "-"))
        .isEqualTo(1);

    assertThat(err())
        .startsWith("liiklus: line 3 of standard input: positions.0: -2 is not allowed; an offset,")
        .hasLineCount(1);
    assertThat(second.writes).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a command is missing: export, import or copy",
        "import - | Missing required option: '--to=TYPE'",
        "import --to SECOND | Missing required parameter: 'FILE'",
        "copy --to SECOND | Missing required option: '--from=TYPE'",
        "copy --from FIRST --to first | --from and --to name one storage; --from-config or",
        "export --from NONE | there is no storage NONE",
      })
  void argumentsThatMakeNoSense_areRefusedInOneLine(String arguments, String reason) {
    var words = arguments.isEmpty() ? new String[0] : arguments.split(" ");

    assertThat(run("", words)).isEqualTo(2);
    assertThat(err()).startsWith("liiklus: ").contains(reason).hasLineCount(1);
  }

  private static void put(
      MapPositions storage, String topic, String name, int version, Map<Integer, Long> offsets) {
    storage.stored.put(new TopicGroup(topic, new GroupId(name, version)), new HashMap<>(offsets));
  }

  private int run(String in, String... arguments) {
    out.reset();
    err.reset();
    var terminal =
        new Terminal(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            interruption);
    var all = new String[arguments.length + 1];
    all[0] = "positions";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return LiiklusCli.run(all, terminal, List.of(PositionsCommand.of(terminal, this::open)));
  }

  private PositionsStorages.Opened open(PositionsStorages.Source source) {
    var type = source.type().orElse("FIRST");
    var known = Map.<String, PositionsStorage>of("FIRST", first, "SECOND", second);
    if (!known.containsKey(type)) {
      throw new PositionsStorages.RefusedException(List.of("there is no storage " + type));
    }
    return new Opened(source.role().name(type, type), known.get(type));
  }

  private record Opened(String name, PositionsStorage storage) implements PositionsStorages.Opened {
    @Override
    public void close() {}
  }

  private String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
