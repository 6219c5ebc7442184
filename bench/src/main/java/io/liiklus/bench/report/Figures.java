package io.liiklus.bench.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Figures of one measured window: numbers by their name, which ends in the unit. In JSON one flat
 * object, which is how a worker reports them. Immutable.
 */
public record Figures(Map<String, Double> values) {

  private static final JsonFactory JSON = new JsonFactory();

  /** In the order in which they are shown. */
  public Figures {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** A single figure. */
  public static Figures of(String name, double value) {
    return new Figures(Map.of(name, value));
  }

  /** These and one more. */
  public Figures with(String name, double value) {
    var all = new LinkedHashMap<>(values);
    all.put(name, value);
    return new Figures(all);
  }

  /** These and the others, behind them. */
  public Figures with(Figures others) {
    var all = new LinkedHashMap<>(values);
    all.putAll(others.values());
    return new Figures(all);
  }

  /** The figure of the name, which must be there. */
  public double get(String name) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no figure " + name + " in " + values.keySet());
    }
    return value;
  }

  /** One line. */
  public String toJson() {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (var figure : values.entrySet()) {
        json.writeNumberField(figure.getKey(), figure.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Reads {@link #toJson()}. */
  public static Figures parse(String text) {
    var values = new LinkedHashMap<String, Double>();
    try (var json = JSON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no figures: " + text);
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        var name = json.currentName();
        json.nextToken();
        values.put(name, json.getDoubleValue());
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("no figures: " + text, e);
    }
    return new Figures(values);
  }
}
