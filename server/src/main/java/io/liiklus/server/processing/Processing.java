package io.liiklus.server.processing;

import io.liiklus.api.RecordPostProcessor;
import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All processors of the gateway, in their order. Thread-safe. */
public record Processing(PreProcessors in, PostProcessors out) {

  private static final Logger log = LoggerFactory.getLogger(Processing.class);

  /**
   * Settings of processors.
   *
   * @param timeout how long each post-processor may take for a batch
   */
  public record Options(ProcessorOrder order, Duration timeout) {

    public static Options read(Settings all) {
      var timeout =
          all.duration("receive.processingTimeout", Duration.ofMillis(1), Duration.ofHours(1));
      return new Options(ProcessorOrder.read(all), timeout);
    }
  }

  /** Records go in and out as they are. */
  public static Processing none() {
    return of(List.of(), List.of(), new Options(new ProcessorOrder(Map.of()), Duration.ZERO));
  }

  public static Processing of(
      List<RecordPreProcessor> pre, List<RecordPostProcessor> post, Options options) {
    var order = options.order();
    var in = pre.stream().map(Processor::new).sorted(order.in()).toList();
    var out = post.stream().map(Processor::new).sorted(order.out()).toList();
    return new Processing(new PreProcessors(in), new PostProcessors(out, options.timeout()));
  }

  /** Logs what there is, and warns of names in the order that nothing has. */
  public void announce(ProcessorOrder order) {
    var known = names();
    if (!known.isEmpty()) {
      log.info("processors, in={} out={}", names(in.all()), names(out.all()));
    }
    order.warnOfUnknown(known);
  }

  /** The names of all, each once: a class may serve both ports. */
  public List<String> names() {
    return all().map(Processor::name).distinct().sorted().toList();
  }

  /** The sum of a count over the ports that a processor serves. */
  public long sum(String name, ToLongFunction<Processor<?>> count) {
    return all().filter(processor -> processor.name().equals(name)).mapToLong(count).sum();
  }

  private Stream<Processor<?>> all() {
    return Stream.concat(in.all().stream(), out.all().stream());
  }

  private static List<String> names(List<? extends Processor<?>> processors) {
    return processors.stream().map(Processor::name).toList();
  }
}
