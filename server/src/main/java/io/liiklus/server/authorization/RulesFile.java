package io.liiklus.server.authorization;

import io.liiklus.api.Settings;
import io.liiklus.server.runtime.WarnLimit;
import io.liiklus.server.settings.SettingsException;
import io.liiklus.server.settings.SettingsText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of rules that is read again when it changes; one that cannot be used leaves the old rules
 * in use. A change is used once it is the same at two looks in a row: half a file may be a file of
 * fewer rules. Looks on a thread of its own. Thread-safe.
 */
final class RulesFile implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RulesFile.class);

  private static final String ROOT = "authorization";
  private static final int MAX_BYTES = 4 << 20;

  /** Keys of the root that a file of rules does not have. */
  private static final List<String> OF_SETTINGS =
      List.of("enabled", "type", "file", "reloadInterval", "cacheSize");

  private final Path file;
  private final Consumer<AccessRules> onChange;
  private final ScheduledExecutorService looks =
      Executors.newSingleThreadScheduledExecutor(RulesFile::thread);
  private final WarnLimit errors = new WarnLimit();

  // The thread that looks only.
  private byte[] inUse;

  /** What the look before found. */
  private byte[] seen;

  private RulesFile(Path file, byte[] first, Consumer<AccessRules> onChange) {
    this.file = file;
    this.inUse = first;
    this.seen = first;
    this.onChange = onChange;
  }

  /**
   * Hands over the rules of the file, and from now on those that it has after a change.
   *
   * @throws IOException where it cannot be used
   */
  static RulesFile open(Path file, Duration reloadInterval, Consumer<AccessRules> onChange)
      throws IOException {
    var first = read(file);
    try {
      onChange.accept(parse(file, first));
    } catch (SettingsException wrong) {
      throw new IOException("authorization.file: " + wrong.getMessage(), wrong);
    }
    var opened = new RulesFile(file, first, onChange);
    long intervalNs = reloadInterval.toNanos();
    var unused =
        opened.looks.scheduleWithFixedDelay(
            opened::look, intervalNs, intervalNs, TimeUnit.NANOSECONDS);
    return opened;
  }

  static byte[] read(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new IOException(file + " is no file");
    }
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("the file is larger than " + MAX_BYTES + " bytes");
      }
      return bytes;
    } catch (NoSuchFileException missing) {
      throw new IOException("there is no file " + file, missing);
    }
  }

  /**
   * The rules of a text.
   *
   * @throws SettingsException that names all that is wrong
   */
  static AccessRules parse(Path file, byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    return SettingsText.read(text, ROOT, file, RulesFile::rules);
  }

  private static AccessRules rules(Settings ofFile) {
    for (var key : OF_SETTINGS) {
      if (ofFile.isGiven(key)) {
        ofFile.refuse(key, "stands in the gateway's settings alone; rules are allowed");
      }
    }
    return AccessRules.read(ofFile);
  }

  private void look() {
    try {
      lookAt(read(file));
    } catch (IOException | RuntimeException failure) {
      warn(failure.getMessage());
    } catch (StackOverflowError tooDeep) {
      // It would end the looks.
      warn("its blocks are nested too deeply");
    }
  }

  private void lookAt(byte[] found) {
    boolean isSettled = Arrays.equals(found, seen);
    seen = found;
    if (!isSettled || Arrays.equals(found, inUse)) {
      return;
    }
    var rules = parse(file, found);
    inUse = found;
    onChange.accept(rules);
    log.info("rules of authorization changed, file={} rules={}", file, rules.size());
  }

  private void warn(String reason) {
    if (errors.permits()) {
      log.error(
          "the changed rules of authorization cannot be used, the old ones stay in use, file={}"
              + " reason={} (logged once a minute)",
          file,
          reason);
    }
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "liiklus-authorization");
    thread.setDaemon(true);
    return thread;
  }
}
