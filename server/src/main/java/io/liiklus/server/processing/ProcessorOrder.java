package io.liiklus.server.processing;

import io.liiklus.api.Settings;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The order of the processors, by {@code layers.orders}: by number, 0 where none is set, then by
 * name; the way out is the way in, backwards. Immutable.
 *
 * @param numbers by class name, in any case: an environment variable has it in lower case
 */
public record ProcessorOrder(Map<String, Integer> numbers) {

  private static final Logger log = LoggerFactory.getLogger(ProcessorOrder.class);

  private static final String KEY = "layers.orders";

  /** Names of the original's own processors, in settings that are taken along. */
  private static final Map<String, String> NEW_NAMES =
      Map.of(
          "com.github.bsideup.liiklus.schema.JsonSchemaPreProcessor",
          "io.liiklus.server.schema.JsonSchemaPreProcessor");

  public static ProcessorOrder read(Settings all) {
    var numbers = new TreeMap<String, Integer>(String.CASE_INSENSITIVE_ORDER);
    all.map(KEY)
        .forEach(
            (name, text) -> {
              try {
                numbers.put(NEW_NAMES.getOrDefault(name, name), Integer.valueOf(text.strip()));
              } catch (NumberFormatException wrong) {
                all.refuse(KEY + "." + name, text + " is not allowed; a whole number");
              }
            });
    return new ProcessorOrder(numbers);
  }

  /** The way into the log. */
  Comparator<Processor<?>> in() {
    return Comparator.<Processor<?>>comparingInt(processor -> number(processor.name()))
        .thenComparing(Processor::name);
  }

  /** The way out of the log. */
  Comparator<Processor<?>> out() {
    return in().reversed();
  }

  private int number(String name) {
    return numbers.getOrDefault(name, 0);
  }

  /** Numbers of processors that are not there may be meant for others, which then lack theirs. */
  void warnOfUnknown(List<String> known) {
    for (var name : numbers.keySet()) {
      if (known.stream().noneMatch(name::equalsIgnoreCase)) {
        log.warn(
            "layers.orders has a name that no processor has, name={} processors={}", name, known);
      }
    }
  }
}
