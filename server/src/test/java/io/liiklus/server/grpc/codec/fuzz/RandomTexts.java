package io.liiklus.server.grpc.codec.fuzz;

import io.liiklus.server.grpc.codec.event.RoundTrip;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Texts that codecs stumble over: names, media types, times, JSON. */
final class RandomTexts {

  private static final List<String> NAMES =
      List.of(
          "",
          "topic",
          "group",
          "..",
          "a b",
          "g-v3",
          "g-v",
          "-v3",
          "g-v2147483648",
          "g-v99999999999999999999",
          "g-v000000000000000000000000000000000001",
          "id",
          "data",
          "data_base64",
          "specversion",
          "subject",
          "ce_",
          "ce_id",
          "CE_Id",
          "ce_type",
          "ce_source",
          "ce_time",
          "ce_specversion",
          "ce_datacontenttype",
          "ce_data",
          "ce_x",
          "content-type",
          "Content-Type",
          "application/json",
          "text/plain; a=b",
          "application/cloudevents+json",
          "Application/CloudEvents+JSON; charset=utf-8",
          "image/svg+json",
          "2026-04-05T17:31:00Z",
          "2026-02-30T17:31:60.123456789-23:59",
          "0000-00-00T00:00:00Z");

  private static final Map<String, List<String>> FITTING =
      Map.of(
          "topic",
          List.of("topic"),
          "time",
          List.of(
              "",
              "2026-04-05T17:31:00Z",
              "2024-02-29t23:59:60.5-00:00",
              "2026-04-05T17:31+02:00[Europe/Tallinn]",
              "1850-01-01T00:00+01:39"),
          "data_content_type",
          List.of("", "application/json", "text/json; a=b", "a/b+JSON", "text/plain"),
          "key",
          List.of("x", "nr0", "subject", "dataschema"));

  private static final String ALPHABET =
      "aZ09 _-.:/\"\\\u0000\n\u007f\u0085ßİıKäſ\u2028\uFEFF\uFFFD\uFFFF";

  private static final List<String> SCALARS =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "-0",
          "1E5",
          "1e-999999999",
          "1e999999999999",
          "12345678901234567890.10",
          "\"\"",
          "\"\\ud800\"",
          "\"\\udc00\\ud83d\"",
          "\"\\ud83d\\ude00\"",
          "\"AP+A\"",
          "\"AP+\"");

  private static final List<String> MEMBERS =
      List.of(
          "id",
          "type",
          "source",
          "time",
          "specversion",
          "datacontenttype",
          "data",
          "data_base64",
          "subject",
          "x",
          "",
          "\\u0069d",
          "\\ud800",
          "a\\nb");

  private RandomTexts() {}

  /** Mostly what fits the field of this name, so that the checks behind it are reached. */
  static String textOf(String field, Random random) {
    var fitting = FITTING.get(field);
    return fitting == null || random.nextInt(5) == 0
        ? text(random)
        : fitting.get(random.nextInt(fitting.size()));
  }

  /** Well-formed, as every text of a parsed message is. */
  static String text(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2, 3, 4 -> NAMES.get(random.nextInt(NAMES.size()));
      case 5 -> NAMES.get(random.nextInt(NAMES.size())) + letters(random, 4);
      case 6 -> letters(random, 12);
      default -> "ä".repeat(random.nextInt(random.nextInt(10) == 0 ? 3_000 : 130));
    };
  }

  private static String letters(Random random, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return random.nextInt(4) == 0 ? text + "\uD83D\uDE00" : text.toString();
  }

  /** Mostly an event in its JSON form, often a damaged one. */
  static String eventJson(Random random) {
    var json = new StringBuilder("{");
    if (random.nextInt(5) > 0) {
      json.append("\"id\":\"i\",\"type\":\"t\",\"source\":\"s\"");
    }
    for (int i = random.nextInt(5); i > 0; i--) {
      json.append(json.length() > 1 || random.nextInt(20) == 0 ? "," : "")
          .append('"')
          .append(MEMBERS.get(random.nextInt(MEMBERS.size())))
          .append(random.nextInt(10) == 0 ? "\" \t:\n" : "\":")
          .append(value(random));
    }
    return json.append(random.nextInt(20) == 0 ? "" : "}").toString();
  }

  private static String value(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> "\"application/json\"";
      case 1 -> "\"text/plain\"";
      case 2, 3 -> json(random, 3);
      default -> SCALARS.get(random.nextInt(SCALARS.size()));
    };
  }

  /** A JSON value; now and then a very deep or a very long one. */
  static String json(Random random, int depth) {
    int kind = random.nextInt(depth > 0 ? 12 : 8);
    if (kind < 8) {
      return random.nextInt(200) == 0
          ? "7".repeat(random.nextInt(5_000))
          : SCALARS.get(random.nextInt(SCALARS.size()));
    }
    if (random.nextInt(100) == 0) {
      return List.of("NaN", "01", "'a'", "[1,]", "\"\t\"", "{} {}").get(random.nextInt(6));
    }
    if (random.nextInt(300) == 0) {
      int deep = RoundTrip.DEEPEST - 1 + random.nextInt(3);
      return "[".repeat(deep) + "]".repeat(deep);
    }
    return kind < 10
        ? "[" + json(random, depth - 1) + " , " + json(random, depth - 1) + "]"
        : "{\"a\":" + json(random, depth - 1) + ",\"a\":" + json(random, depth - 1) + "}";
  }
}
