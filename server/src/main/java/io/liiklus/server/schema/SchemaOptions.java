package io.liiklus.server.schema;

import com.fasterxml.jackson.core.JsonPointer;
import io.liiklus.api.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of schemas. Immutable.
 *
 * @param source where the document is
 * @param typePointer where a value that is no CloudEvent has its type
 * @param areDeprecatedAllowed whether properties may be there that the schema says are deprecated
 * @param reloadInterval how often it is looked whether the document has changed
 */
public record SchemaOptions(
    SchemaSource source,
    JsonPointer typePointer,
    boolean areDeprecatedAllowed,
    Duration reloadInterval) {

  /** Empty where records are published without a schema. */
  public static Optional<SchemaOptions> read(Settings schema) {
    boolean isEnabled = schema.flag("enabled");
    var unused = schema.choice("type", "JSON");
    boolean areDeprecatedAllowed = schema.flag("allowDeprecatedProperties");
    var interval = schema.duration("reloadInterval", Duration.ofMillis(100), Duration.ofHours(1));
    var pointer = pointer(schema);
    if (!isEnabled) {
      if (schema.isGiven("schemaURL")) {
        schema.warn("schemaURL", "does nothing, as schema.enabled is false");
      }
      return Optional.empty();
    }
    var source = SchemaSource.read(schema);
    if (source.isEmpty() || pointer.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new SchemaOptions(source.get(), pointer.get(), areDeprecatedAllowed, interval));
  }

  private static Optional<JsonPointer> pointer(Settings schema) {
    var text = schema.text("eventTypeJsonPointer").strip();
    if (text.startsWith("/")) {
      return Optional.of(JsonPointer.compile(text));
    }
    schema.refuse(
        "eventTypeJsonPointer", text + " is not allowed; a JSON pointer, as /eventType is one");
    return Optional.empty();
  }
}
