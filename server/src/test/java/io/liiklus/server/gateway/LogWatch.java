package io.liiklus.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.slf4j.LoggerFactory;

/**
 * Listens to what the process logs while it is open, be it by slf4j or, as gRPC does, by
 * java.util.logging. Thread-safe.
 */
public final class LogWatch implements AutoCloseable {

  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  private final java.util.logging.Logger julRoot = LogManager.getLogManager().getLogger("");
  private final Events events = new Events();
  private final JulRecords julRecords = new JulRecords();

  public LogWatch() {
    events.setContext(root.getLoggerContext());
    events.start();
    root.addAppender(events);
    julRoot.addHandler(julRecords);
  }

  /** Neither a stack trace nor anything from WARN up since this was last asked. */
  public void requireQuiet() {
    var found = List.copyOf(complaints);
    complaints.clear();
    assertThat(found).isEmpty();
  }

  /** What was complained of since this was last asked. */
  public List<String> take() {
    var found = List.copyOf(complaints);
    complaints.removeAll(found);
    return found;
  }

  @Override
  public void close() {
    root.detachAppender(events);
    julRoot.removeHandler(julRecords);
  }

  private final class Events extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent event) {
      // Kafka's clients warn of what they will try again, as on a topic that is new.
      boolean isKafka = event.getLoggerName().startsWith("org.apache.kafka");
      boolean isLoud = event.getLevel().isGreaterOrEqual(Level.WARN) && !isKafka;
      if (isLoud || event.getThrowableProxy() != null) {
        var proxy = event.getThrowableProxy();
        var thrown = proxy == null ? "" : ThrowableProxyUtil.asString(proxy);
        complaints.add(event.getLoggerName() + ": " + event.getFormattedMessage() + "\n" + thrown);
      }
    }
  }

  private final class JulRecords extends Handler {
    @Override
    public void publish(LogRecord record) {
      boolean isLoud = record.getLevel().intValue() >= java.util.logging.Level.WARNING.intValue();
      boolean isShown = record.getLevel().intValue() >= java.util.logging.Level.INFO.intValue();
      if (isLoud || (isShown && record.getThrown() != null)) {
        complaints.add(
            record.getLoggerName() + ": " + record.getMessage() + "\n" + record.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
