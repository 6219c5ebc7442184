package io.liiklus.cli.positions;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.google.protobuf.ByteString;
import io.liiklus.api.GroupId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Parser of one line of a {@link PositionsFile}. Immutable. */
final class PositionsLine {

  static final String HEADER =
      "{\"format\":\"%s\",\"version\":%d}".formatted(PositionsFile.FORMAT, PositionsFile.VERSION);

  /** As in every call of the gateway. */
  private static final Pattern TOPIC = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,249}");

  private static final int LONGEST_GROUP_BYTES = 255;
  private static final BigInteger HIGHEST_OFFSET = BigInteger.valueOf(Long.MAX_VALUE - 1);
  private static final BigInteger LOWEST_OFFSET = BigInteger.ONE.negate();
  private static final BigInteger HIGHEST_VERSION = BigInteger.valueOf(Integer.MAX_VALUE);
  private static final int LONGEST_SHOWN = 60;

  private final JsonFactory json =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  /** The positions of one group version in one topic. Immutable. */
  record Parsed(TopicGroup key, Map<Integer, Long> offsets) {}

  /** Says which field is not right, and what is allowed. Immutable. */
  static final class RefusedLineException extends IOException {
    private static final long serialVersionUID = 1;

    private RefusedLineException(String text) {
      super(text);
    }
  }

  static RefusedLineException refused(String field, String reason) {
    return new RefusedLineException(field + ": " + reason);
  }

  /** Checks that a line is the first one of a file of this version. */
  void requireHeader(ByteString line) throws RefusedLineException {
    var fields = fields(line);
    if (!PositionsFile.FORMAT.equals(fields.remove("format"))) {
      throw refused("format", "is not " + PositionsFile.FORMAT + "; the first line is " + HEADER);
    }
    var version = BigInteger.valueOf(PositionsFile.VERSION);
    if (!version.equals(fields.remove("version"))) {
      throw refused("version", "is not known; the first line is " + HEADER);
    }
    requireNoMore(fields);
  }

  Parsed parse(ByteString line) throws RefusedLineException {
    var fields = fields(line);
    var topic = topic(text("topic", fields));
    var name = groupName(text("group", fields));
    int version = version(fields.remove("version"));
    var offsets = offsets(fields.remove("positions"));
    requireNoMore(fields);
    try {
      return new Parsed(new TopicGroup(topic, GroupId.of(name, version)), offsets);
    } catch (IllegalArgumentException wrong) {
      throw notAllowed("group", name, wrong.getMessage());
    }
  }

  private static void requireNoMore(Map<String, Object> fields) throws RefusedLineException {
    for (var name : fields.keySet()) {
      throw refused(shown(name), "is no field of this line");
    }
  }

  private static String text(String field, Map<String, Object> fields) throws RefusedLineException {
    var value = fields.remove(field);
    if (value instanceof String text) {
      return text;
    }
    throw value == null ? missing(field) : notAllowed(field, value, "a text");
  }

  private static String topic(String name) throws RefusedLineException {
    if (!TOPIC.matcher(name).matches()) {
      throw notAllowed(
          "topic", name, "1 to 249 of A-Z, a-z, 0-9, '.', '_' and '-', and not '.' or '..'");
    }
    return name;
  }

  private static String groupName(String name) throws RefusedLineException {
    boolean isText = StandardCharsets.UTF_8.newEncoder().canEncode(name);
    boolean isFitting =
        !name.isEmpty()
            && name.length() <= LONGEST_GROUP_BYTES
            && name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_GROUP_BYTES;
    if (!isText || !isFitting || name.chars().anyMatch(Character::isISOControl)) {
      throw notAllowed("group", name, "1 to 255 bytes of UTF-8 without control characters");
    }
    return name;
  }

  private static int version(Object value) throws RefusedLineException {
    if (value == null) {
      throw missing("version");
    }
    if (!(value instanceof BigInteger number)
        || number.signum() < 0
        || number.compareTo(HIGHEST_VERSION) > 0) {
      throw notAllowed("version", value, "a whole number from 0 to " + HIGHEST_VERSION);
    }
    return number.intValueExact();
  }

  private static Map<Integer, Long> offsets(Object value) throws RefusedLineException {
    if (value == null) {
      throw missing("positions");
    }
    if (!(value instanceof Map<?, ?> block) || block.isEmpty()) {
      throw refused("positions", "at least one partition with its offset is allowed");
    }
    var offsets = new TreeMap<Integer, Long>();
    for (var entry : block.entrySet()) {
      var field = "positions." + shown(entry.getKey());
      int partition = partition(field, (String) entry.getKey());
      if (!(entry.getValue() instanceof BigInteger number)
          || number.compareTo(LOWEST_OFFSET) < 0
          || number.compareTo(HIGHEST_OFFSET) > 0) {
        throw notAllowed(
            field, entry.getValue(), "an offset, a whole number from -1 to " + HIGHEST_OFFSET);
      }
      offsets.put(partition, number.longValueExact());
    }
    return offsets;
  }

  private static int partition(String field, String text) throws RefusedLineException {
    try {
      int partition = Integer.parseInt(text);
      if (partition >= 0 && text.equals(Integer.toString(partition))) {
        return partition;
      }
    } catch (NumberFormatException notOne) {
      // Refused below.
    }
    throw refused(field, "is no partition; a whole number from 0 to " + Integer.MAX_VALUE);
  }

  private static RefusedLineException missing(String field) {
    return refused(field, "is missing");
  }

  private static RefusedLineException notAllowed(String field, Object value, String allowed) {
    return refused(field, shown(value) + " is not allowed; " + allowed);
  }

  /** In one line of bounded length. */
  private static String shown(Object value) {
    var text = String.valueOf(value).replaceAll("\\p{Cntrl}", "?");
    return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
  }

  /** The fields of the one object that a line is: texts, whole numbers, blocks and others. */
  private Map<String, Object> fields(ByteString line) throws RefusedLineException {
    try (var parser = json.createParser(line.toByteArray())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RefusedLineException("is no JSON object");
      }
      var fields = block(parser, 0);
      if (parser.nextToken() != null) {
        throw new RefusedLineException("has more than one JSON object");
      }
      return fields;
    } catch (RefusedLineException refused) {
      throw refused;
    } catch (IOException notJson) {
      var reason = notJson.getMessage().lines().findFirst().orElse("");
      throw new RefusedLineException("is not valid JSON: " + reason);
    }
  }

  private static Map<String, Object> block(JsonParser parser, int depth) throws IOException {
    var fields = new TreeMap<String, Object>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      fields.put(name, value(parser, parser.nextToken(), depth));
    }
    return fields;
  }

  private static Object value(JsonParser parser, JsonToken token, int depth) throws IOException {
    if (token == JsonToken.START_OBJECT && depth == 0) {
      return block(parser, 1);
    }
    return switch (token) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getBigIntegerValue();
      case START_OBJECT, START_ARRAY -> {
        parser.skipChildren();
        yield new Unusable(token == JsonToken.START_OBJECT ? "a block" : "a list");
      }
      // A fraction, true, false or null: allowed nowhere.
      default -> new Unusable(parser.getText());
    };
  }

  /** A value that no field takes. Immutable. */
  private record Unusable(String text) {
    @Override
    public String toString() {
      return text;
    }
  }
}
