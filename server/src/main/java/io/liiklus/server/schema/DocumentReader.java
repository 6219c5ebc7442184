package io.liiklus.server.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.MapperBuilder;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;

/** Reads a document of schemas, in JSON or in YAML. */
final class DocumentReader {

  /** Deepest nesting of a document. */
  private static final int DEEPEST = 200;

  private static final StreamReadConstraints BOUNDS =
      StreamReadConstraints.builder().maxNestingDepth(DEEPEST).build();

  private static final YAMLFactory YAML =
      YAMLFactory.builder().streamReadConstraints(BOUNDS).build();

  private static final ObjectMapper JSON_MAPPER =
      strict(JsonMapper.builder(JsonFactory.builder().streamReadConstraints(BOUNDS).build()))
          .build();

  private static final ObjectMapper YAML_MAPPER = strict(YAMLMapper.builder(YAML)).build();

  private DocumentReader() {}

  private static <M extends MapperBuilder<?, M>> M strict(M mapper) {
    return mapper.enable(
        DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY,
        DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  }

  static JsonNode read(byte[] bytes) throws UnusableSchemaException {
    try {
      JsonNode document;
      if (isJson(bytes)) {
        document = JSON_MAPPER.readTree(bytes);
      } else {
        requireNoAliases(bytes);
        document = YAML_MAPPER.readTree(bytes);
      }
      if (!document.isObject()) {
        throw new UnusableSchemaException("it is neither an object of JSON nor one of YAML");
      }
      return document;
    } catch (JsonProcessingException invalid) {
      var at = invalid.getLocation();
      throw new UnusableSchemaException(
          "it does not parse: %s%s"
              .formatted(
                  Violations.cut(invalid.getOriginalMessage()),
                  at == null ? "" : " (line " + at.getLineNr() + ")"));
    } catch (UnusableSchemaException unusable) {
      throw unusable;
    } catch (IOException | RuntimeException invalid) {
      throw new UnusableSchemaException("it does not parse: " + invalid.getMessage());
    }
  }

  private static boolean isJson(byte[] bytes) {
    for (byte each : bytes) {
      if (!Character.isWhitespace(each)) {
        return each == '{';
      }
    }
    return false;
  }

  /** An alias would be read as its name. */
  private static void requireNoAliases(byte[] bytes) throws IOException {
    try (var parser = YAML.createParser(bytes)) {
      while (parser.nextToken() != null) {
        if (parser.isCurrentAlias()) {
          throw new UnusableSchemaException(
              "it has an alias of YAML in line %d; a $ref instead"
                  .formatted(parser.currentTokenLocation().getLineNr()));
        }
      }
    }
  }
}
