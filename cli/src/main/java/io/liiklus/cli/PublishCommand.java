package io.liiklus.cli;

import com.github.bsideup.liiklus.protocol.Header;
import com.google.protobuf.ByteString;
import io.liiklus.cli.PublishTemplate.EventTemplate;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Command that publishes one value, or each line of standard input. Confined to the thread that
 * runs it.
 */
@Command(
    name = "publish",
    description = "Publishes a record, and prints partition:offset of where it landed.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false)
final class PublishCommand implements Callable<Integer> {

  /** A line of standard input is no longer than the largest record that anything takes. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private static final int LONGEST_WAIT_SECONDS = 86_400;

  private static final String STANDARD_INPUT = "-";

  private final Terminal terminal;

  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;

  @Parameters(index = "0", paramLabel = "TOPIC", description = "Where the record goes.")
  private String topic;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "The value; - for a record from each line of standard input.")
  private String value;

  @Option(
      names = "--key",
      paramLabel = "K",
      defaultValue = "",
      description = "Records of one key go to one partition and keep their order.")
  private String key;

  @Option(
      names = "--event",
      paramLabel = "TYPE",
      description = "Publishes a CloudEvent of this type, with an id of its own and the time now.")
  private String eventType;

  @Option(
      names = "--source",
      paramLabel = "URI",
      defaultValue = "/liiklus/cli",
      description = "The event's source. Default: ${DEFAULT-VALUE}")
  private String source;

  @Option(
      names = "--content-type",
      paramLabel = "TYPE",
      description = {
        "The content type of the event's data. Default: application/json where it is a JSON object"
            + " or array, else text/plain."
      })
  private String contentType;

  @Option(
      names = "--header",
      paramLabel = "K=V",
      converter = HeaderConverter.class,
      description = "A header of the record; may be repeated.")
  private final List<Header> headers = new ArrayList<>();

  @Option(
      names = "--tombstone",
      description = "A record without a value, which deletes the key from a compacted topic.")
  private boolean isTombstone;

  @Option(names = "--json", description = "Prints JSON: topic, partition and offset.")
  private boolean isJson;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "30",
      description = {
        "How long to wait for a gateway that is not there, as one that still starts. Default:"
            + " ${DEFAULT-VALUE}"
      })
  private int waitSeconds;

  PublishCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws InterruptedException {
    requireSense();
    var format = isJson ? ReplyFormat.json() : ReplyFormat.lines();
    var run = new PublishRun(terminal, format, Duration.ofSeconds(waitSeconds));
    try (var gateway = connection.open(terminal, run)) {
      run.start(gateway);
      var stopping = terminal.interruption().thenRun(run::finish);
      feed(run);
      long published = Outcome.await(run.outcome());
      if (!stopping.isDone()) {
        terminal.say(
            "published " + published + (published == 1 ? " record to " : " records to ") + topic);
      }
      return 0;
    }
  }

  private void requireSense() {
    if (waitSeconds < 1 || waitSeconds > LONGEST_WAIT_SECONDS) {
      throw misuse("--wait: " + waitSeconds + " is not from 1 to " + LONGEST_WAIT_SECONDS);
    }
    if (isTombstone && (value != null || eventType != null)) {
      throw misuse("--tombstone stands beside neither VALUE nor --event");
    }
    if (value == null && !isTombstone && eventType == null) {
      throw misuse("VALUE is missing: a value, - for standard input, or --tombstone");
    }
    if (contentType != null && eventType == null) {
      throw misuse("--content-type stands beside --event only");
    }
  }

  private ParameterException misuse(String text) {
    return new ParameterException(spec.commandLine(), text);
  }

  private void feed(PublishRun run) {
    var event =
        eventType == null
            ? null
            : new EventTemplate(eventType, source, contentType, InstantSource.system());
    var template = new PublishTemplate(topic, ByteString.copyFromUtf8(key), event, headers);
    if (STANDARD_INPUT.equals(value)) {
      // A thread of its own, as a read of standard input cannot be ended from outside.
      var reader = new Thread(() -> feedLines(run, template), "liiklus-cli-stdin");
      reader.setDaemon(true);
      reader.start();
    } else {
      run.publish(
          isTombstone
              ? template.tombstone()
              : template.of(ByteString.copyFromUtf8(value == null ? "" : value)));
      run.finish();
    }
  }

  private void feedLines(PublishRun run, PublishTemplate template) {
    try {
      var lines = new Lines(terminal.in(), "standard input", MAX_LINE_BYTES);
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        if (!run.publish(template.of(line.get()))) {
          return;
        }
      }
      run.finish();
    } catch (CliException refused) {
      run.fail(refused);
    } catch (IOException failure) {
      run.fail(new CliException("standard input cannot be read: " + failure.getMessage()));
    }
  }
}
