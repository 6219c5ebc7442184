package io.liiklus.cli.records;

import io.liiklus.cli.CliException;
import io.liiklus.cli.records.OffsetMap.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Form of the file that says how far a copy has come: lines of words with tabs between them.
 * Immutable.
 *
 * <pre>
 *   liiklus-copy 1 FROM TO
 *   topic NAME keep|keys known|unknown
 *   highest PARTITION OFFSET                    of the target
 *   next PARTITION OFFSET                       of the source
 *   run PARTITION SOURCE TARGET COUNT
 * </pre>
 *
 * @param from the storage that is read, as its own text
 * @param to the storage that is written; empty where it is not there, for a dry run
 */
record CopyFile(String from, String to) {

  private static final String FORMAT = "liiklus-copy";
  private static final String VERSION = "1";
  private static final String KEEP = "keep";
  private static final String KNOWN = "known";

  String text(Collection<TopicProgress> topics) {
    var text = new StringBuilder();
    line(text, FORMAT, VERSION, from, to);
    for (var topic : topics) {
      line(
          text,
          "topic",
          topic.topic(),
          topic.isKeepingPartitions() ? KEEP : "keys",
          topic.isKeepingPartitions() == topic.isTranslatable() ? KNOWN : "unknown");
      topic.highest().forEach((partition, offset) -> line(text, "highest", partition, offset));
      topic
          .partitions()
          .forEach(
              (number, partition) -> {
                line(text, "next", number, partition.next());
                for (var run : partition.offsets().runs()) {
                  line(text, "run", number, run.source(), run.target(), run.count());
                }
              });
    }
    return text.toString();
  }

  private static void line(StringBuilder text, Object... words) {
    for (int i = 0; i < words.length; i++) {
      text.append(i == 0 ? "" : "\t").append(words[i]);
    }
    text.append('\n');
  }

  /**
   * What a text has.
   *
   * @param path of the text, for failures
   * @throws CliException where it is of another copy, or damaged
   */
  List<TopicProgress> read(String text, Path path) {
    var topics = new ArrayList<TopicProgress>();
    int number = 0;
    for (var line : text.lines().toList()) {
      number++;
      var words = line.split("\t", -1);
      try {
        if (number == 1) {
          requireHeader(words, path);
        } else {
          read(words, topics);
        }
      } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
        throw new CliException(
            "--progress: %s, line %d is damaged; delete the file to begin again"
                .formatted(path, number));
      }
    }
    return topics;
  }

  private void requireHeader(String[] words, Path path) {
    if (!words[0].equals(FORMAT) || !words[1].equals(VERSION)) {
      throw new CliException(
          "--progress: %s is not a file of a copy, or of another version of liiklus"
              .formatted(path));
    }
    if (!words[2].equals(from) || (!to.isEmpty() && !words[3].equals(to))) {
      throw new CliException(
          ("--progress: %s is of a copy from %s to %s, and this one is from %s to %s; name another"
                  + " file")
              .formatted(path, words[2], words[3], from, to));
    }
  }

  private static void read(String[] words, List<TopicProgress> topics) {
    if (words[0].equals("topic")) {
      var topic = new TopicProgress(words[1], words[2].equals(KEEP));
      if (!words[3].equals(KNOWN)) {
        topic.forgetOffsets();
      }
      topics.add(topic);
      return;
    }
    var topic = topics.get(topics.size() - 1);
    int partition = Integer.parseInt(words[1]);
    long offset = Long.parseLong(words[2]);
    switch (words[0]) {
      case "highest" -> topic.restoreHighest(partition, offset);
      case "next" -> topic.partition(partition).restore(offset);
      case "run" ->
          topic
              .partition(partition)
              .offsets()
              .restore(new Run(offset, Long.parseLong(words[3]), Long.parseLong(words[4])));
      default -> throw new IllegalArgumentException(words[0]);
    }
  }
}
