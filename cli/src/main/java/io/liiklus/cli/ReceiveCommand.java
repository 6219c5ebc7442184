package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.ReceiveRequest.ContentFormat;
import com.github.bsideup.liiklus.protocol.SubscribeRequest.AutoOffsetReset;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * Command that prints the records of a topic as a member of a group. Confined to the thread that
 * runs it.
 */
@Command(
    name = "receive",
    description = {
      "Prints the records of a topic, one a line: partition:offset, key and value with tabs"
          + " between them.",
      "Takes part in the group like any other member: to look into a topic beside its consumers,"
          + " name a group of your own."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class ReceiveCommand implements Callable<Integer> {

  private final Terminal terminal;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "What to read.")
  private String topic;

  @Option(
      names = "--group",
      paramLabel = "G",
      required = true,
      description = "The group whose positions are used, and stored.")
  private String group;

  @Option(
      names = "--group-version",
      paramLabel = "N",
      defaultValue = "0",
      description = {
        "The generation of the group's positions. Takes partitions from another one that runs."
            + " Default: ${DEFAULT-VALUE}"
      })
  private int groupVersion;

  @Option(
      names = "--from",
      paramLabel = "earliest|latest",
      defaultValue = "earliest",
      converter = FromConverter.class,
      description = "Where a group without a position begins. Default: ${DEFAULT-VALUE}")
  private AutoOffsetReset from;

  @Option(
      names = "--format",
      paramLabel = "binary|event",
      defaultValue = "binary",
      converter = FormatConverter.class,
      description = {
        "binary: any record, a CloudEvent as its JSON form. event: CloudEvents, with their type"
            + " before the data; ends at a record that is none. Default: ${DEFAULT-VALUE}"
      })
  private ContentFormat format;

  @Option(names = "--no-ack", description = "Stores no positions.")
  private boolean isWithoutAcks;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = {
        "Ends after N records. Default: never. What `head` cuts off is acknowledged all the same."
      })
  private Long count;

  @ArgGroup private Shape shape = new Shape();

  /** Exclusive options of the format. Confined to the thread that parses. */
  private static final class Shape {
    @Option(
        names = "--values",
        description = "Prints values alone, as they are, with a line feed behind each.")
    private boolean isValues;

    @Option(names = "--json", description = "Prints all of each record as a JSON object a line.")
    private boolean isJson;
  }

  /** earliest, latest. Immutable. */
  private static final class FromConverter implements ITypeConverter<AutoOffsetReset> {
    @Override
    public AutoOffsetReset convert(String text) {
      return switch (text) {
        case "earliest" -> AutoOffsetReset.EARLIEST;
        case "latest" -> AutoOffsetReset.LATEST;
        default -> throw refused(text, "earliest or latest");
      };
    }
  }

  /** binary, event. Immutable. */
  private static final class FormatConverter implements ITypeConverter<ContentFormat> {
    @Override
    public ContentFormat convert(String text) {
      return switch (text) {
        case "binary" -> ContentFormat.BINARY;
        case "event" -> ContentFormat.LIIKLUS_EVENT;
        default -> throw refused(text, "binary or event");
      };
    }
  }

  private static TypeConversionException refused(String text, String allowed) {
    return new TypeConversionException("'" + text + "' is not allowed; " + allowed);
  }

  ReceiveCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    var run = new ReceiveRun(terminal, shape(), plan());
    try (var gateway = connection.open(terminal, run)) {
      var stopping = terminal.interruption().thenRun(run::stop);
      long printed = run.run(gateway);
      if (!stopping.isDone()) {
        terminal.say("received " + printed + (printed == 1 ? " record" : " records"));
      }
      return 0;
    }
  }

  private ReceivePlan plan() {
    if (groupVersion < 0) {
      throw new ParameterException(
          spec.commandLine(), "--group-version: " + groupVersion + " is below 0");
    }
    if (count != null && count < 1) {
      throw new ParameterException(spec.commandLine(), "--count: " + count + " is below 1");
    }
    return new ReceivePlan(
        topic,
        new ReceivePlan.Group(group, groupVersion),
        from,
        format == ContentFormat.LIIKLUS_EVENT,
        !isWithoutAcks,
        count == null ? 0 : count);
  }

  private RecordFormat shape() {
    if (shape.isJson) {
      return new JsonFormat();
    }
    return shape.isValues ? new ValueFormat() : new LineFormat();
  }
}
