package io.liiklus.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import java.util.Map;

/** All results for programs: every figure of every run. Immutable. */
public final class JsonReport {

  private JsonReport() {}

  /**
   * Writes one object: {@code settings}, and {@code cases} with {@code figures}, each with the runs
   * of both sides and their ratios.
   */
  public static void write(Map<String, String> settings, List<Result> results, Writer out) {
    try (var json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
      json.writeStartObject();
      json.writeObjectFieldStart("settings");
      for (var setting : settings.entrySet()) {
        json.writeStringField(setting.getKey(), setting.getValue());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("cases");
      for (var result : results) {
        write(result, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the results", e);
    }
  }

  private static void write(Result result, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", result.name());
    json.writeStringField("what", result.what());
    if (result.failure() != null) {
      json.writeStringField("failure", result.failure());
    } else {
      json.writeObjectFieldStart("figures");
      for (var figure : result.comparison().figures()) {
        json.writeObjectFieldStart(figure);
        write(result.comparison(), figure, json);
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void write(Comparison comparison, String figure, JsonGenerator json)
      throws IOException {
    var base = comparison.base();
    if (!base.runs().isEmpty()) {
      write(base.name(), base.numbers(figure), json);
      write("ratio", comparison.ratios(figure), json);
    }
    write(comparison.measured().name(), comparison.measured().numbers(figure), json);
  }

  private static void write(String name, List<Double> numbers, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (double number : numbers) {
      json.writeNumber(number);
    }
    json.writeEndArray();
  }
}
