package io.liiklus.server.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.liiklus.api.RecordsStorageFactory;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.ToolProvider;
import org.slf4j.Logger;

/** Makes a plugin's jar from sources. Confined to one test. */
public final class TestPlugin {

  private static final String SERVICES = "META-INF/services/";

  private final Map<String, String> sources = new LinkedHashMap<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final Manifest manifest = new Manifest();

  /**
   * A records storage that holds nothing and answers {@code endOffsets} with {@code demo.Answer}.
   *
   * @param members of the factory's class, beside what is common to all
   */
  public static TestPlugin ofRecords(String type, String root, String members) {
    return new TestPlugin()
        .source("demo.DemoRecords", DEMO_RECORDS)
        .source("demo.Answer", "package demo; class Answer { static final int PARTITION = 7; }")
        .source("demo.DemoFactory", DEMO_FACTORY.formatted(type, root, members))
        .service(RecordsStorageFactory.class, "demo.DemoFactory");
  }

  public TestPlugin source(String className, String text) {
    sources.put(className, text);
    return this;
  }

  public TestPlugin service(Class<?> port, String className) {
    return file(SERVICES + port.getName(), className);
  }

  public TestPlugin file(String name, String text) {
    files.put(name, text);
    return this;
  }

  /** Names what a plugin of the release has, as the build does. */
  public TestPlugin manifest(String types, String roots) {
    var attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Liiklus-Types", types);
    attributes.putValue("Liiklus-Roots", roots);
    return this;
  }

  /** Compiles, beside the jar, and writes it. */
  public Path write(Path jar) {
    try {
      Files.createDirectories(jar.getParent());
      var work = Files.createTempDirectory(jar.getParent(), "work");
      var classes = Files.createDirectory(work.resolve("classes"));
      compile(work, classes);
      try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
          var walk = Files.walk(classes)) {
        for (var file : walk.filter(Files::isRegularFile).sorted().toList()) {
          add(out, classes.relativize(file).toString(), Files.readAllBytes(file));
        }
        for (var file : files.entrySet()) {
          add(out, file.getKey(), file.getValue().getBytes(UTF_8));
        }
      }
      return jar;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void add(JarOutputStream out, String name, byte[] bytes) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(bytes);
    out.closeEntry();
  }

  private void compile(Path work, Path classes) throws IOException {
    if (sources.isEmpty()) {
      return;
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var files = new ArrayList<Path>();
    for (var source : sources.entrySet()) {
      var file = work.resolve(source.getKey().replace('.', '/') + ".java");
      Files.createDirectories(file.getParent());
      files.add(Files.writeString(file, source.getValue()));
    }
    var classPath = home(RecordsStorageFactory.class) + File.pathSeparator + home(Logger.class);
    var options = List.of("-proc:none", "-cp", classPath, "-d", classes.toString());
    var errors = new StringWriter();
    try (var manager = compiler.getStandardFileManager(null, null, UTF_8)) {
      var units = manager.getJavaFileObjectsFromPaths(files);
      if (!compiler.getTask(errors, manager, null, options, null, units).call()) {
        throw new IllegalArgumentException(errors.toString());
      }
    }
  }

  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static final String DEMO_FACTORY =
      """
      package demo;

      import io.liiklus.api.*;

      public class DemoFactory implements RecordsStorageFactory {
        public String type() { return "%s"; }
        public String settingsRoot() { return "%s"; }
        public RecordsStorage open(Settings settings, StorageContext context) {
          return new DemoRecords();
        }
        %s
      }
      """;

  private static final String DEMO_RECORDS =
      """
      package demo;

      import io.liiklus.api.*;
      import java.time.Duration;
      import java.util.Map;
      import java.util.concurrent.*;

      class DemoRecords implements RecordsStorage {
        public CompletionStage<PublishedRecord> publish(RecordToPublish record, Duration patience) {
          return CompletableFuture.completedFuture(new PublishedRecord(record.topic(), 0, 0));
        }
        public Subscription subscribe(SubscriptionRequest request, SubscriptionListener listener) {
          return () -> CompletableFuture.completedFuture(null);
        }
        public CompletionStage<Map<Integer, OffsetRange>> endOffsets(String topic) {
          return CompletableFuture.completedFuture(Map.of(Answer.PARTITION, new OffsetRange(0, 42)));
        }
        public long maxRecordBytes() {
          return 1024 * 1024;
        }
        public CompletionStage<Void> check() {
          return CompletableFuture.completedFuture(null);
        }
        public void close() {}
      }
      """;
}
