package io.liiklus.server.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import io.liiklus.api.RecordRefusedException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A document's schemas, by the type of event that each is for. Immutable.
 *
 * <p>A reference leads to another place of the document, or to a schema that the library has, such
 * as a draft's own. Nothing else is loaded, from wherever.
 */
final class SchemaDocument {

  /** Bytes of the largest value of which all violations are collected. */
  static final int ALL_VIOLATIONS_BYTES = 16 * 1024;

  private static final String EVENTS = "events";
  private static final String DIALECT = "$schema";

  /** Where references of the document begin; nothing is loaded from there. */
  private static final String LOCATION = "schema:document";

  private final Map<String, Schema> schemas;

  private SchemaDocument(Map<String, Schema> schemas) {
    this.schemas = schemas;
  }

  /**
   * Reads a document and all its schemas.
   *
   * @throws UnusableSchemaException where anything in it is wrong
   */
  static SchemaDocument read(byte[] bytes, boolean areDeprecatedAllowed)
      throws UnusableSchemaException {
    var root = DocumentReader.read(bytes);
    var events = root.get(EVENTS);
    if (events == null || !events.isObject()) {
      throw new UnusableSchemaException(
          "it has no object " + EVENTS + " with a schema of each type");
    }
    var registry = Drafts.registry(areDeprecatedAllowed);
    Drafts.requireKnown(root.path(DIALECT), "the document");
    var schemas = new HashMap<String, Schema>();
    try {
      var document = registry.getSchema(SchemaLocation.of(LOCATION), root);
      for (var event : events.properties()) {
        var type = event.getKey();
        var schema = event.getValue();
        requireValid(registry, schema, schema.path(DIALECT), root, "the schema of " + type);
        schemas.put(type, schema(registry, document, type, schema));
      }
    } catch (SchemaException | IllegalArgumentException | StackOverflowError wrong) {
      throw new UnusableSchemaException(String.valueOf(wrong.getMessage()));
    }
    return new SchemaDocument(Map.copyOf(schemas));
  }

  /** By the draft of its own, else by the document's. */
  private static void requireValid(
      SchemaRegistry registry, JsonNode schema, JsonNode ownDraft, JsonNode root, String name)
      throws UnusableSchemaException {
    var draft = ownDraft.isMissingNode() ? root.path(DIALECT) : ownDraft;
    Drafts.requireKnown(draft, name);
    var wrong = Drafts.metaSchema(registry, draft).validate(schema);
    if (!wrong.isEmpty()) {
      throw new UnusableSchemaException(
          name + " is no valid schema: " + Violations.text(wrong, true));
    }
  }

  private static Schema schema(SchemaRegistry registry, Schema document, String type, JsonNode node)
      throws UnusableSchemaException {
    try {
      // By its own draft it is a document of its own.
      var schema =
          node.has(DIALECT)
              ? registry.getSchema(SchemaLocation.of(LOCATION + ":" + type.hashCode()), node)
              : document.getSubSchema(path(type));
      schema.initializeValidators();
      return schema;
    } catch (SchemaException | IllegalArgumentException | StackOverflowError wrong) {
      throw new UnusableSchemaException("the schema of " + type + ": " + wrong.getMessage());
    }
  }

  private static NodePath path(String type) {
    return new NodePath(PathType.JSON_POINTER).append(EVENTS).append(type);
  }

  int size() {
    return schemas.size();
  }

  /**
   * Checks an event against the schema of its type.
   *
   * @param bytes how long it is
   * @throws RecordRefusedException naming all that is wrong
   */
  void check(TypedEvent event, int bytes) {
    var type = Violations.cut(event.type());
    var schema = schemas.get(event.type());
    if (schema == null) {
      throw refused(event, "there is no schema for the type \"" + type + '"');
    }
    boolean areAllWanted = bytes <= ALL_VIOLATIONS_BYTES;
    List<Error> wrong;
    try {
      wrong =
          schema.validate(
              event.json(),
              context -> context.executionConfig(config -> config.failFast(!areAllWanted)));
    } catch (StepBoundRegex.TooManySteps endless) {
      throw refused(event, "a pattern of the schema of \"" + type + "\" takes too long for it");
    } catch (StackOverflowError deep) {
      throw refused(event, "it is nested too deep for the schema of \"" + type + '"');
    } catch (ArithmeticException | NumberFormatException odd) {
      throw refused(event, "a number is too large for the schema of \"" + type + '"');
    }
    if (!wrong.isEmpty()) {
      throw refused(
          event,
          "does not fit the schema of \"%s\": %s"
              .formatted(type, Violations.text(wrong, areAllWanted)));
    }
  }

  private static RecordRefusedException refused(TypedEvent event, String reason) {
    return new RecordRefusedException(event.field() + ": " + reason);
  }
}
