package io.liiklus.server.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.BasicDialectRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.DialectId;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.NonValidationKeyword;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The drafts of JSON schema, as the library has them, with rules of our own. */
final class Drafts {

  private static final List<Dialect> ALL =
      List.of(
          Dialects.getDraft4(),
          Dialects.getDraft6(),
          Dialects.getDraft7(),
          Dialects.getDraft201909(),
          Dialects.getDraft202012());

  /** That of the original, where a document names none. */
  private static final String DEFAULT = DialectId.DRAFT_4;

  private Drafts() {}

  /** A registry for the schemas of one document. */
  static SchemaRegistry registry(boolean areDeprecatedAllowed) {
    Map<String, Dialect> dialects =
        ALL.stream()
            .map(draft -> dialect(draft, areDeprecatedAllowed))
            .collect(Collectors.toUnmodifiableMap(Drafts::key, Function.identity()));
    var config =
        SchemaRegistryConfig.builder()
            .locale(Locale.ROOT)
            .regularExpressionFactory(StepBoundRegex::new)
            .build();
    return SchemaRegistry.builder()
        .defaultDialectId(DEFAULT)
        .dialectRegistry(new BasicDialectRegistry(id -> dialects.get(key(id))))
        .schemaRegistryConfig(config)
        .schemaLoader(loader -> loader.fetchRemoteResources(false))
        .build();
  }

  private static Dialect dialect(Dialect draft, boolean areDeprecatedAllowed) {
    // Of keywords that it does not know the library would warn in the log.
    var dialect =
        Dialect.builder(draft)
            .unknownKeywordFactory((name, context) -> new NonValidationKeyword(name));
    if (!areDeprecatedAllowed) {
      dialect.keyword(new DeprecatedKeyword());
    }
    return dialect.build();
  }

  /** Without the fragment that is empty, and whether by HTTP or HTTPS. */
  private static String key(String id) {
    var name = id.endsWith("#") ? id.substring(0, id.length() - 1) : id;
    return name.startsWith("https:") ? "http:" + name.substring("https:".length()) : name;
  }

  private static String key(Dialect draft) {
    return key(draft.getId());
  }

  /**
   * Requires a draft that the gateway has.
   *
   * @param id what {@code $schema} says; missing where it is not there
   */
  static void requireKnown(JsonNode id, String name) throws UnusableSchemaException {
    boolean isKnown =
        id.isMissingNode()
            || (id.isTextual() && ALL.stream().anyMatch(it -> key(it).equals(key(id.asText()))));
    if (!isKnown) {
      throw new UnusableSchemaException(
          "%s: $schema is %s; one of %s"
              .formatted(
                  name,
                  Violations.cut(id.toString()),
                  ALL.stream().map(Dialect::getId).collect(Collectors.joining(", "))));
    }
  }

  /**
   * The schema of a draft's schemas.
   *
   * @param id as above, of a draft that is known
   */
  static Schema metaSchema(SchemaRegistry registry, JsonNode id) {
    var draft = ALL.stream().filter(it -> key(it).equals(key(id.asText(DEFAULT)))).findFirst();
    return registry.getSchema(SchemaLocation.of(draft.orElseThrow().getId()));
  }
}
