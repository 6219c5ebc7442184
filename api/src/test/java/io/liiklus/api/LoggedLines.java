package io.liiklus.api;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/** What one class logs while this is open. Thread-safe. */
public final class LoggedLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final Logger logger;

  private LoggedLines(Logger logger) {
    this.logger = logger;
  }

  public static LoggedLines of(Class<?> type) {
    return of(type.getName());
  }

  public static LoggedLines of(String name) {
    var lines = new LoggedLines((Logger) LoggerFactory.getLogger(name));
    lines.setContext(lines.logger.getLoggerContext());
    lines.start();
    lines.logger.addAppender(lines);
    return lines;
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  public List<String> all() {
    return texts(events.stream());
  }

  public List<String> warnings() {
    return texts(events.stream().filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN)));
  }

  private static List<String> texts(Stream<ILoggingEvent> events) {
    return events.map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(this);
  }
}
