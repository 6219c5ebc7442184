package io.liiklus.server.plugins;

import io.liiklus.api.RecordPostProcessor;
import io.liiklus.api.RecordPreProcessor;
import io.liiklus.api.RecordProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processors, each class once. Confined to the thread that starts and ends the process. */
public final class ProcessorList {

  private static final Logger log = LoggerFactory.getLogger(ProcessorList.class);

  private final List<FoundProcessor> pre = new ArrayList<>();
  private final List<FoundProcessor> post = new ArrayList<>();

  ProcessorList() {}

  /** The files of a jar that name its providers. */
  static String servicesFiles() {
    return "META-INF/services/%s or META-INF/services/%s"
        .formatted(RecordPreProcessor.class.getName(), RecordPostProcessor.class.getName());
  }

  /** Adds the providers of a place. Notes the problem of a faulty one, which is left out then. */
  void addProviders(Origin origin, List<String> problems) {
    add(RecordPreProcessor.class, origin, pre, problems);
    add(RecordPostProcessor.class, origin, post, problems);
  }

  private <P extends RecordProcessor> void add(
      Class<P> port, Origin origin, List<FoundProcessor> list, List<String> problems) {
    try {
      origin.find(port, found -> add(found, origin, list, problems));
    } catch (ServiceConfigurationError | LinkageError | RuntimeException failure) {
      problems.add(origin + " has a broken processor: " + FactoryList.reason(failure));
    }
  }

  private <P extends RecordProcessor> void add(
      ServiceLoader.Provider<P> found,
      Origin origin,
      List<FoundProcessor> list,
      List<String> problems) {
    var name = found.type().getName();
    var twin = all().stream().filter(known -> known.name().equals(name)).findFirst();
    if (twin.isEmpty()) {
      list.add(new FoundProcessor(found.get(), origin));
    } else if (twin.get().origin().equals(origin) && !list.contains(twin.get())) {
      // One object serves both ports.
      list.add(twin.get());
    } else {
      problems.add(
          "the processor %s is there twice: from %s and from %s"
              .formatted(name, twin.get().origin(), origin));
    }
  }

  /** Those for records on their way into the log, in no order. */
  public List<RecordPreProcessor> pre() {
    return pre.stream().map(found -> (RecordPreProcessor) found.processor()).toList();
  }

  /** Those for records on their way to a client, in no order. */
  public List<RecordPostProcessor> post() {
    return post.stream().map(found -> (RecordPostProcessor) found.processor()).toList();
  }

  /** Each once. */
  public List<FoundProcessor> all() {
    return Stream.concat(pre.stream(), post.stream()).distinct().toList();
  }

  void close() {
    for (var found : all()) {
      try {
        found.call(RecordProcessor::close);
      } catch (RuntimeException | LinkageError failure) {
        log.error("could not close a processor, processor={}", found.name(), failure);
      }
    }
  }
}
