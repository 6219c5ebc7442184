package io.liiklus.server.schema;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.core.JsonPointer;
import io.liiklus.api.Header;
import io.liiklus.api.RecordRefusedException;
import io.liiklus.api.RecordToPublish;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaDocumentTest {

  private static final String ORDERS =
      """
      definitions:
        amount: {type: integer, minimum: 1}
      events:
        order/created:
          type: object
          required: [id, amount]
          properties:
            id: {type: string, pattern: "^[a-z]+$"}
            amount: {$ref: "#/definitions/amount"}
            old: {type: string, deprecated: true}
        "any thing": {}
      """;

  private static SchemaDocument document(String text) throws UnusableSchemaException {
    return SchemaDocument.read(text.getBytes(UTF_8), false);
  }

  private static String refusal(SchemaDocument document, RecordToPublish record) {
    var refused =
        catchThrowable(
            () ->
                document.check(
                    TypedEvent.read(record, JsonPointer.compile("/eventType")),
                    record.value().length));
    if (refused != null) {
      assertThat(refused).isInstanceOf(RecordRefusedException.class);
    }
    return refused == null ? "" : refused.getMessage();
  }

  private static String refusal(String document, String value) throws UnusableSchemaException {
    return refusal(document(document), record(value));
  }

  private static RecordToPublish record(String value, Header... headers) {
    return new RecordToPublish("t", null, value.getBytes(UTF_8), List.of(headers));
  }

  private static Header header(String key, String value) {
    return new Header(key, value.getBytes(UTF_8));
  }

  private static RecordToPublish event(String type, String contentType, String data) {
    return record(
        data,
        header("ce_specversion", "1.0"),
        header("ce_type", type),
        header("content-type", contentType));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"eventType\":\"order/created\",\"id\":\"a\",\"amount\":1}|``",
        "{\"eventType\":\"any thing\",\"id\":5}|``",
        "{\"eventType\":\"other\"}|value: there is no schema for the type \"other\"",
        "{\"id\":\"a\"}|value: has no type at /eventType (schema.eventTypeJsonPointer)",
        "{\"eventType\":{}}|value: has no type at /eventType (schema.eventTypeJsonPointer)",
        "5|value: has no type at /eventType (schema.eventTypeJsonPointer)",
        "``|value: is not JSON: it is empty",
        "{} {}|value: is not JSON: ",
        "{\"eventType\":\"a\",\"eventType\":\"any thing\"}|value: is not JSON: Duplicate field",
        "{\"eventType\":\"any thing\"|value: is not JSON: Unexpected end-of-input"
      })
  void rawValue_isCheckedByTheTypeAtThePointer(String value, String refusal)
      throws UnusableSchemaException {
    var told = refusal(ORDERS, value);
    assertThat(told).startsWith(refusal);
    assertThat(told.isEmpty()).isEqualTo(refusal.isEmpty());
  }

  @Test
  void violations_areAllTold_withPointerAndRule() throws UnusableSchemaException {
    assertThat(
            refusal(
                ORDERS,
                "{\"eventType\":\"order/created\",\"id\":\"A\",\"amount\":0,\"old\":\"x\"}"))
        .startsWith("value: does not fit the schema of \"order/created\": ")
        .contains("/id: does not match the regex pattern ^[a-z]+$ (pattern)")
        .contains("/amount: must have a minimum value of 1 (minimum)")
        .contains("/old: is deprecated (deprecated)");
    assertThat(refusal(ORDERS, "{\"eventType\":\"order/created\"}"))
        .isEqualTo(
            "value: does not fit the schema of \"order/created\": the whole of it: required"
                + " property 'id' not found (required); the whole of it: required property"
                + " 'amount' not found (required)");
  }

  @Test
  void manyViolations_areCut() throws UnusableSchemaException {
    var document = "events: {a: {properties: {list: {items: {type: string}}}}}";
    var items = "1,".repeat(1_000) + "1";

    var told = refusal(document, "{\"eventType\":\"a\",\"list\":[" + items + "]}");

    assertThat(told).hasSizeLessThan(Violations.MOST_CHARACTERS + 300).endsWith(" more");
    var large = "1,".repeat(400_000) + "1";
    assertThat(refusal(document, "{\"eventType\":\"a\",\"list\":[" + large + "]}"))
        .endsWith("(type); and maybe more: of a value of this size only the first is named");
  }

  @Test
  void deprecatedProperty_passesWhereItIsAllowed() throws UnusableSchemaException {
    var allowing = SchemaDocument.read(ORDERS.getBytes(UTF_8), true);
    var value = "{\"eventType\":\"order/created\",\"id\":\"a\",\"amount\":1,\"old\":\"x\"}";

    assertThat(refusal(allowing, record(value))).isEmpty();
    assertThat(refusal(ORDERS, value)).endsWith(": /old: is deprecated (deprecated)");
  }

  @Test
  void cloudEvent_isCheckedByItsTypeAndData() throws UnusableSchemaException {
    var document = document(ORDERS);
    var data = "{\"id\":\"a\",\"amount\":1}";

    assertThat(refusal(document, event("order/created", "application/json", data))).isEmpty();
    assertThat(refusal(document, event("order/created", "application/vnd.x+json", data))).isEmpty();
    assertThat(refusal(document, event("order/created", "application/json", "{}")))
        .startsWith("liiklusEvent.data: does not fit the schema of \"order/created\": ");
    assertThat(refusal(document, event("order/created", "text/plain", data)))
        .isEqualTo(
            "liiklusEvent.data_content_type: \"text/plain\" is not allowed; a type of JSON, as"
                + " application/json, as there are schemas");
    assertThat(refusal(document, event("none", "", data)))
        .isEqualTo("liiklusEvent.data: there is no schema for the type \"none\"");
  }

  @Test
  void structuredEvent_isCheckedByItsMembers() throws UnusableSchemaException {
    var document = document(ORDERS);
    var type = header("content-type", "application/cloudevents+json; charset=utf-8");
    var encoded = Base64.getEncoder().encodeToString("{\"id\":\"a\",\"amount\":1}".getBytes(UTF_8));

    assertThat(
            refusal(
                document,
                record("{\"type\":\"order/created\",\"data\":{\"id\":\"a\",\"amount\":1}}", type)))
        .isEmpty();
    assertThat(
            refusal(
                document,
                record("{\"type\":\"order/created\",\"data_base64\":\"" + encoded + "\"}", type)))
        .isEmpty();
    assertThat(refusal(document, record("{\"type\":\"order/created\",\"data\":{}}", type)))
        .startsWith("value: does not fit the schema of \"order/created\": ");
    assertThat(refusal(document, record("{\"type\":\"order/created\"}", type)))
        .isEqualTo("value: the event has no data; JSON by its type's schema");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // What a draft alone knows: its keyword, a value that fits, and one that does not.
        "http://json-schema.org/draft-04/schema#|{minimum: 1, exclusiveMinimum: true}|2|1",
        "http://json-schema.org/draft-06/schema#|{exclusiveMinimum: 1}|2|1",
        "http://json-schema.org/draft-06/schema|{const: 3}|3|4",
        "http://json-schema.org/draft-07/schema#|{if: {minimum: 5}, then: {maximum: 9}}|9|10",
        "https://json-schema.org/draft/2019-09/schema|{dependentRequired: {a: [b]}}|{}|{\"a\":1}",
        "https://json-schema.org/draft/2020-12/schema|{prefixItems: [{type: string}]}|[\"a\"]|[1]",
        "https://json-schema.org/draft/2020-12/schema|{$ref: '#/$defs/s'}|\"a\"|1"
      })
  void documents_areReadByTheirDraft(String draft, String schema, String right, String wrong)
      throws UnusableSchemaException {
    var whole =
        document("$schema: " + draft + "\n$defs: {s: {type: string}}\nevents: {a: " + schema + "}");
    var inTheEvent =
        schema.contains("$ref")
            ? whole
            : document("events: {a: {$schema: '" + draft + "', " + schema.substring(1) + "}");

    for (var document : List.of(whole, inTheEvent)) {
      assertThat(refusal(document, event("a", "application/json", right))).isEmpty();
      assertThat(refusal(document, event("a", "application/json", wrong)))
          .startsWith("liiklusEvent.data: does not fit the schema of \"a\": ");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a: b|it has no object events with a schema of each type",
        "events: []|it has no object events with a schema of each type",
        "[1]|it is neither an object of JSON nor one of YAML",
        "{\"events\"|it does not parse: ",
        "events: {a: 5}|the schema of a is no valid schema: the whole of it: ",
        "events: {a: true}|the schema of a is no valid schema: the whole of it: ",
        "events: {a: {type: nothing}}|the schema of a is no valid schema: /type: ",
        "events: {a: {$ref: '#/definitions/none'}}|the schema of a: ",
        "events: {a: {$ref: 'http://127.0.0.1:1/other.json'}}|the schema of a: ",
        "events: {a: {$ref: 'file:///etc/hostname'}}|the schema of a: ",
        "events: {a: {pattern: '('}}|the ",
        "$schema: http://example.com/x\\nevents: {}|the document: $schema is ",
        "events: {a: &x {type: string}, b: *x}|it has an alias of YAML in line 1; a $ref instead",
        "events: {a: true, a: false}|it does not parse: Duplicate"
      })
  void documentThatIsWrong_isRefusedWithTheReason(String text, String reason) {
    assertThatThrownBy(() -> document(text.replace("\\n", "\n")))
        .isInstanceOf(UnusableSchemaException.class)
        .hasMessageStartingWith(reason);
  }

  @Test
  void patternThatTakesForever_isGivenUp() throws UnusableSchemaException {
    var document = "events: {a: {properties: {s: {pattern: '^(a|aa)+(b?)\\2$'}}}}";

    long startNs = System.nanoTime();
    var told = refusal(document, "{\"eventType\":\"a\",\"s\":\"" + "a".repeat(60) + "!\"}");

    assertThat(told).isEqualTo("value: a pattern of the schema of \"a\" takes too long for it");
    assertThat(System.nanoTime() - startNs).isLessThan(10_000_000_000L);
  }

  @Test
  void patternOfALongText_isNotGivenUp() throws UnusableSchemaException {
    var document = "events: {a: {properties: {s: {pattern: '^[a-z]+(-[a-z]+)*$'}}}}";
    var text = "abc-".repeat(200) + "a";

    assertThat(refusal(document, "{\"eventType\":\"a\",\"s\":\"" + text + "\"}")).isEmpty();
  }

  @Test
  void deepValues_areRefused() throws UnusableSchemaException {
    var document =
        "events: {a: {$ref: '#/definitions/tree'}}\n"
            + "definitions: {tree: {properties: {c: {$ref: '#/definitions/tree'}}}}";
    int deep = Json.DEEPEST - 1;
    var fitting = "{\"c\":".repeat(deep) + "{}" + "}".repeat(deep);
    var deeper = "{\"c\":".repeat(100_000) + "{}" + "}".repeat(100_000);

    assertThat(refusal(document(document), event("a", "", fitting))).isEmpty();
    assertThat(refusal(document(document), event("a", "", deeper)))
        .startsWith("liiklusEvent.data: is not JSON: Document nesting depth");
  }

  @ParameterizedTest
  @CsvSource({"1e999999999", "-1e999999999", "1e-999999999", "123456789012345678901234567890"})
  void hugeNumbers_areAnsweredAtOnce(String number) throws UnusableSchemaException {
    var document = "events: {a: {type: integer, minimum: 0, maximum: 9, multipleOf: 3}}";

    assertThat(refusal(document(document), event("a", "", number)))
        .startsWith("liiklusEvent.data: ");
  }

  @Test
  void valueThatIsNotUtf8_isRefused() throws UnusableSchemaException {
    var utf16 = "{\"eventType\":\"any thing\"}".getBytes(UTF_16BE);

    assertThat(refusal(document(ORDERS), new RecordToPublish("t", null, utf16, List.of())))
        .isEqualTo("value: is not JSON: it is not in UTF-8");
  }

  @Test
  void formatsOfTimes_areChecked() throws UnusableSchemaException {
    var document = "events: {a: {format: date-time}}";

    assertThat(refusal(document(document), event("a", "", "\"2026-11-30T10:00:00Z\""))).isEmpty();
    assertThat(refusal(document(document), event("a", "", "\"yesterday\""))).endsWith("(format)");
  }
}
