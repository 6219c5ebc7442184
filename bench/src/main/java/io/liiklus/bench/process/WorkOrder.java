package io.liiklus.bench.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Order for a worker: the kind of work, and values by name. Immutable. */
public record WorkOrder(String kind, Map<String, String> values) {

  /** Copies the values. */
  public WorkOrder {
    values = Map.copyOf(values);
  }

  /** Without values. */
  public static WorkOrder of(String kind) {
    return new WorkOrder(kind, Map.of());
  }

  /** Reads {@link #arguments()}. */
  public static WorkOrder parse(String... arguments) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("a kind of work is missing");
    }
    var values = new LinkedHashMap<String, String>();
    for (int i = 1; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException(arguments[i] + ": is no NAME=VALUE");
      }
      values.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
    }
    return new WorkOrder(arguments[0], values);
  }

  /** This and one more value. */
  public WorkOrder with(String name, Object value) {
    var all = new LinkedHashMap<>(values);
    all.put(name, value.toString());
    return new WorkOrder(kind, all);
  }

  /** The order as arguments of a process. */
  public List<String> arguments() {
    var arguments = new ArrayList<String>();
    arguments.add(kind);
    values.forEach((name, value) -> arguments.add(name + "=" + value));
    return arguments;
  }

  /** A value that must be there. */
  public String text(String name) {
    var value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(kind + ": " + name + " is missing");
    }
    return value;
  }

  /** A value, or the default. */
  public String text(String name, String otherwise) {
    return values.getOrDefault(name, otherwise);
  }

  /** A number that must be there. */
  public int number(String name) {
    return Integer.parseInt(text(name));
  }

  /** A number, or the default. */
  public int number(String name, int otherwise) {
    return values.containsKey(name) ? number(name) : otherwise;
  }
}
