package io.liiklus.server.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** Reads a published value as JSON, strictly. Immutable. */
final class Json {

  /** Deepest nesting of a value: a schema that refers to itself costs several frames a level. */
  static final int DEEPEST = 200;

  /** Digits of the longest number. */
  private static final int MOST_DIGITS = 1000;

  private static final int BYTES_OF_UTF_32 = 4;

  private static final ObjectReader READER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(MOST_DIGITS)
                          .maxStringLength(Integer.MAX_VALUE)
                          .maxNameLength(Integer.MAX_VALUE)
                          .build())
                  .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          // Readers differ in which of them counts, so one could be checked and another be read.
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build()
          .readerFor(JsonNode.class);

  private Json() {}

  /**
   * Reads one value.
   *
   * @throws NotJson where it is none, with the reason
   */
  static JsonNode read(byte[] bytes) {
    if (!isUtf8(bytes)) {
      throw new NotJson("it is not in UTF-8");
    }
    try {
      JsonNode node = READER.readTree(bytes);
      if (node.isMissingNode()) {
        throw new NotJson("it is empty");
      }
      return node;
    } catch (JsonProcessingException invalid) {
      var at = invalid.getLocation();
      throw new NotJson(
          at == null
              ? invalid.getOriginalMessage()
              : "%s (line %d, column %d)"
                  .formatted(invalid.getOriginalMessage(), at.getLineNr(), at.getColumnNr()));
    } catch (IOException invalid) {
      throw new NotJson(invalid.getMessage());
    }
  }

  /** The parser would read UTF-16 and UTF-32 too, which it detects by their zero bytes or marks. */
  private static boolean isUtf8(byte[] bytes) {
    for (int i = 0; i < Math.min(BYTES_OF_UTF_32, bytes.length); i++) {
      if (bytes[i] == 0 || (bytes[i] & 0xFF) >= 0xFE) {
        return false;
      }
    }
    return true;
  }

  /** A value that is no JSON; the message says why. */
  static final class NotJson extends RuntimeException {

    private static final long serialVersionUID = 1;

    NotJson(String message) {
      super(message, null, false, false);
    }
  }
}
