package io.liiklus.cli.positions;

import com.google.protobuf.ByteString;
import io.liiklus.cli.CliException;
import io.liiklus.cli.JsonLines;
import io.liiklus.cli.Lines;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Positions as JSON lines in UTF-8. Immutable.
 *
 * <pre>
 *   {"format":"liiklus-positions","version":1}
 *   {"topic":"orders","group":"billing","version":0,"positions":{"0":41,"1":-1}}
 * </pre>
 *
 * <p>The first line says what the file is. Each of the others has one group version in one topic,
 * sorted by topic, group and version: by partition the last acknowledged offset, -1 where the group
 * was sent back to offset 0. Empty lines are passed over.
 */
final class PositionsFile {

  static final String FORMAT = "liiklus-positions";
  static final int VERSION = 1;

  /** Beyond any topic: the positions of half a million partitions. */
  private static final int MAX_LINE_BYTES = 16 << 20;

  private PositionsFile() {}

  static void write(PositionsSet positions, OutputStream out) {
    var lines = new JsonLines();
    lines.write(
        out,
        json -> {
          json.writeStringField("format", FORMAT);
          json.writeNumberField("version", VERSION);
        });
    positions
        .groups()
        .forEach(
            (key, offsets) ->
                lines.write(
                    out,
                    json -> {
                      json.writeStringField("topic", key.topic());
                      json.writeStringField("group", key.group().name());
                      json.writeNumberField("version", key.group().version());
                      json.writeObjectFieldStart("positions");
                      for (var offset : offsets.entrySet()) {
                        json.writeNumberField(offset.getKey().toString(), offset.getValue());
                      }
                      json.writeEndObject();
                    }));
  }

  /**
   * Reads all of it.
   *
   * @param name of the stream, for people
   * @throws CliException at the first line that is not right, naming it and the field
   */
  static PositionsSet read(InputStream in, String name, Predicate<TopicGroup> isSelected) {
    var lines = new Lines(in, name, MAX_LINE_BYTES);
    var parser = new PositionsLine();
    var positions = new PositionsSet();
    Map<TopicGroup, Long> lineOf = new HashMap<>();
    long number = 0;
    boolean isHeaded = false;
    try {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        number++;
        if (isBlank(line.get())) {
          continue;
        }
        if (!isHeaded) {
          parser.requireHeader(line.get());
          isHeaded = true;
          continue;
        }
        var parsed = parser.parse(line.get());
        var earlier = Optional.ofNullable(lineOf.put(parsed.key(), number));
        if (earlier.isPresent()) {
          throw PositionsLine.refused(
              "group", "stands in line " + earlier.get() + " too, with this topic and version");
        }
        if (isSelected.test(parsed.key())) {
          positions.add(parsed.key(), parsed.offsets());
        }
      }
    } catch (PositionsLine.RefusedLineException refused) {
      throw new CliException("line " + number + " of " + name + ": " + refused.getMessage());
    } catch (IOException failure) {
      throw new CliException(name + " cannot be read: " + failure.getMessage());
    }
    if (!isHeaded) {
      throw new CliException(name + " is empty; its first line is " + PositionsLine.HEADER);
    }
    return positions;
  }

  private static boolean isBlank(ByteString line) {
    for (int i = 0; i < line.size(); i++) {
      if (line.byteAt(i) != ' ' && line.byteAt(i) != '\t' && line.byteAt(i) != '\r') {
        return false;
      }
    }
    return true;
  }
}
