package io.liiklus.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.cli.CliException;
import io.liiklus.cli.records.OffsetMap.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.zip.CRC32C;

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
 *   end CHECKSUM                                CRC-32C of all lines before
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
  private static final String END = "end";

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
    return text.append(endLine(text.toString())).toString();
  }

  private static String endLine(String before) {
    var checksum = new CRC32C();
    checksum.update(before.getBytes(UTF_8));
    return "%s\t%08x\n".formatted(END, checksum.getValue());
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
    try {
      var lines = text.lines().map(line -> line.split("\t", -1)).toList();
      var header = lines.get(0);
      if (!header[0].equals(FORMAT) || !header[1].equals(VERSION)) {
        throw new CliException(
            "--progress: %s is not a file of a copy, or of another version of liiklus"
                .formatted(path));
      }
      requireWhole(text);
      requirePair(header, path);
      lines.subList(1, lines.size() - 1).forEach(line -> read(line, topics));
      return topics;
    } catch (IndexOutOfBoundsException | IllegalArgumentException damaged) {
      throw new CliException(
          "--progress: %s is empty, cut or damaged; delete it to begin again".formatted(path));
    }
  }

  /** The last line has to be there, and to be that of all others. */
  private static void requireWhole(String text) {
    int end = text.lastIndexOf('\n' + END + '\t') + 1;
    if (!text.substring(end).equals(endLine(text.substring(0, end)))) {
      throw new IllegalArgumentException(END);
    }
  }

  private void requirePair(String[] header, Path path) {
    if (!header[2].equals(from) || (!to.isEmpty() && !header[3].equals(to))) {
      throw new CliException(
          ("--progress: %s is of a copy from %s to %s, and this one is from %s to %s; name another"
                  + " file")
              .formatted(path, header[2], header[3], from, to));
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
