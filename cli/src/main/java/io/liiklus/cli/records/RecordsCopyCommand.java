package io.liiklus.cli.records;

import io.liiklus.cli.CliException;
import io.liiklus.cli.Terminal;
import io.liiklus.cli.Version;
import io.liiklus.cli.positions.Patience;
import io.liiklus.cli.positions.PositionsStorages.RefusedException;
import io.liiklus.cli.positions.PositionsTransfer;
import io.liiklus.cli.positions.PositionsTransfer.Mode;
import io.liiklus.cli.positions.StoragePair;
import io.liiklus.cli.positions.StorageRole;
import io.liiklus.cli.records.RecordsStorages.AbsentException;
import io.liiklus.cli.records.RecordsStorages.Opened;
import io.liiklus.cli.records.RecordsStorages.Source;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes the records of one storage into another. Confined to the thread that runs it. */
@Command(
    name = "copy",
    description = {
      "Writes the records of one storage into another: keys, values, headers and timestamps as they"
          + " are, each partition in its order, up to the end that it has at the start. Run again, a"
          + " copy goes on where it was: records may be written twice, and none is left out.",
      "Where the target has no such topic, or an empty one with as many partitions, records keep"
          + " their partitions, and the positions of all groups are written for the offsets that"
          + " the records have there. Else records go to the partitions of their keys.",
      "Stop the gateways that use the target; and those of the source for the last run."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class RecordsCopyCommand implements Callable<Integer> {

  private static final int BAD_SETTINGS = 2;

  private final Terminal terminal;
  private final RecordsStorages storages;
  private final Patience patience;
  private final Path folder;

  @Spec private CommandSpec spec;

  @Mixin private StoragePair pair;

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "This topic; may be repeated. Default: all")
  private List<String> topics = List.of();

  @Option(
      names = "--from-positions",
      paramLabel = "TYPE",
      description = "The storage of the source's positions. Default: as --from")
  private String fromPositions;

  @Option(
      names = "--to-positions",
      paramLabel = "TYPE",
      description = "The storage of the target's positions. Default: as --to")
  private String toPositions;

  @Option(
      names = "--overwrite",
      description = {
        "Sets positions of the target back too. Without it none is written where one would go back."
      })
  private boolean isOverwriting;

  @Option(
      names = "--dry-run",
      description = {
        "Writes nothing, and prints what would be done: topic, partitions, offsets to copy, and"
            + " whether partitions are kept, with tabs between them."
      })
  private boolean isDryRun;

  @Option(
      names = "--progress",
      paramLabel = "FILE",
      description = {
        "Says how far the copy has come. Default: copy-<from>-to-<to>.progress in the folder of the"
            + " embedded database"
      })
  private Path progressFile;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The gateway's file of settings. Default: conf/liiklus.conf")
  private String config;

  RecordsCopyCommand(Terminal terminal, RecordsStorages storages, Path folder) {
    this.terminal = terminal;
    this.storages = storages;
    this.patience = new Patience(terminal);
    this.folder = folder;
  }

  @Override
  public Integer call() throws InterruptedException {
    var opened = new ArrayDeque<AutoCloseable>();
    try {
      var source = storages.open(source(StorageRole.SOURCE, true));
      opened.push(source);
      var target = openTarget();
      target.ifPresent(opened::push);
      target.ifPresent(it -> requireAnother(source, it));
      var progress = openProgress(source, target);
      opened.push(progress);
      var plans = new CopyPlanner(patience, progress, source, target).plan(topics);
      if (isDryRun) {
        print(plans, target);
      } else {
        copy(plans, progress, source, target.orElseThrow());
      }
      return 0;
    } catch (RefusedException refused) {
      refused.problems().forEach(terminal::say);
      return BAD_SETTINGS;
    } catch (AbsentException absent) {
      throw new CliException(absent.getMessage());
    } finally {
      close(opened);
    }
  }

  private Source source(StorageRole role, boolean isReadOnly) {
    var own = pair.config(role);
    return new Source(
        role,
        pair.type(role),
        Optional.ofNullable(role == StorageRole.SOURCE ? fromPositions : toPositions),
        own.or(() -> Optional.ofNullable(config)),
        own.isPresent(),
        isReadOnly);
  }

  /** Empty where nothing is to be written, and the target is not there yet. */
  private Optional<Opened> openTarget() {
    try {
      return Optional.of(storages.open(source(StorageRole.TARGET, isDryRun)));
    } catch (AbsentException absent) {
      terminal.say(absent.name() + " is not there yet, and would be created");
      return Optional.empty();
    }
  }

  private void requireAnother(Opened source, Opened target) {
    if (source.place().equals(target.place())) {
      throw new ParameterException(spec.commandLine(), StoragePair.SAME);
    }
    if (source.positionsPlace().equals(target.positionsPlace())) {
      throw new ParameterException(
          spec.commandLine(),
          ("both have their positions in one place (%s), where those of the target would take the"
                  + " place of the source's; --from-positions, --to-positions, --from-config or"
                  + " --to-config names another")
              .formatted(source.positionsPlace()));
    }
  }

  private CopyProgress openProgress(Opened source, Optional<Opened> target) {
    var name =
        "copy-%s-to-%s.progress"
            .formatted(pair.type(StorageRole.SOURCE), pair.type(StorageRole.TARGET))
            .toLowerCase(Locale.ROOT);
    var path = progressFile == null ? folder.resolve(name) : progressFile;
    var place = target.map(Opened::place).orElse("");
    return CopyProgress.open(path, new CopyFile(source.place(), place), isDryRun);
  }

  private void print(List<TopicPlan> plans, Optional<Opened> target) {
    plans.forEach(plan -> terminal.out().println(plan.line()));
    terminal.out().flush();
    terminal.say(
        "nothing was written to %s: %d topics, %d offsets to copy"
            .formatted(
                target.map(Opened::name).orElse("the target"),
                plans.size(),
                plans.stream().mapToLong(TopicPlan::offsetsLeft).sum()));
  }

  private void copy(List<TopicPlan> plans, CopyProgress progress, Opened source, Opened target)
      throws InterruptedException {
    var report = new CopyReport(terminal);
    createTopics(plans, target);
    // Before the first record: a topic that has some then is known to be of this copy.
    plans.forEach(plan -> progress.put(plan.progress()));
    progress.save();
    var tasks = new CopyTasks(terminal);
    target.records().onRoom(() -> tasks.post(() -> {}));
    for (var plan : plans) {
      if (!plan.reason().isEmpty()) {
        terminal.say(
            ("topic %s: records go to the partitions of their keys, and positions are not"
                    + " translated: %s")
                .formatted(plan.topic(), plan.reason()));
      }
      new TopicCopy(tasks, progress, report, plan, source, target).run();
    }
    terminal.say(
        "%s: %d topics from %s to %s"
            .formatted(report.copied(), plans.size(), source.name(), target.name()));
    report.sayOldest(target.name());
    translate(plans, source, target);
  }

  private void createTopics(List<TopicPlan> plans, Opened target) throws InterruptedException {
    for (var plan : plans) {
      if (plan.isToCreate()) {
        var created = target.records().createTopic(plan.topic(), plan.partitionsToCreate());
        patience.await(created, Patience.WRITE, target.name());
      }
    }
  }

  private void translate(List<TopicPlan> plans, Opened source, Opened target)
      throws InterruptedException {
    var kept = new ArrayList<TopicProgress>();
    for (var plan : plans) {
      if (plan.progress().isTranslatable()) {
        kept.add(plan.progress());
      } else if (plan.progress().isKeepingPartitions()) {
        terminal.say(
            "topic %s: positions are not translated: the target returns no offsets"
                .formatted(plan.topic()));
      }
    }
    if (kept.isEmpty()) {
      return;
    }
    var translation = new PositionsTranslation(kept);
    var positions =
        translation.translate(patience.readAllOrNone(source.positions(), "has no positions"));
    if (positions.count() == 0) {
      terminal.say(
          "no positions of these topics are in %s; --from-positions names another storage"
              .formatted(source.positions().name()));
      return;
    }
    var mode = isOverwriting ? Mode.OVERWRITE : Mode.FORWARD_ONLY;
    new PositionsTransfer(terminal, patience, translation::contains, mode)
        .run(positions, target.positions());
  }

  private static void close(Deque<AutoCloseable> opened) {
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception failure) {
        throw new CliException("a storage could not be closed: " + failure.getMessage());
      }
    }
  }
}
