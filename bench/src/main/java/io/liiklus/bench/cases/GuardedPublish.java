package io.liiklus.bench.cases;

import io.liiklus.api.RecordPreProcessor;
import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.plugin.SameRecord;
import io.liiklus.bench.process.WorkOrder;
import io.liiklus.bench.report.Comparison;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Cost of what stands between a publish and the log: the same publishes to a gateway without it,
 * and to one with it. Both gateways run all the time. Immutable.
 *
 * @param batch records in a call; 0: one, by the call for one
 */
record GuardedPublish(Guard guard, int batch) implements Case {

  /** What stands there. */
  private enum Guard {
    RULES("a token (HMAC512) and 21 rules"),
    PROCESSOR("a processor that changes nothing");

    private final String what;

    Guard(String what) {
      this.what = what;
    }

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private static final int PARTITIONS = 8;
  private static final int BYTES = 100;
  private static final int UNARY_IN_FLIGHT = 256;
  private static final int BATCH = 200;
  private static final int BATCHED_IN_FLIGHT = 8 * BATCH;
  private static final int OTHER_RULES = 20;
  private static final String PRINCIPAL = "bench";
  private static final String SECRET =
      "a secret of 64 bytes, which is as long as RFC 7518 wants it to be";

  static List<Case> all() {
    return List.of(
        new GuardedPublish(Guard.RULES, 0),
        new GuardedPublish(Guard.RULES, BATCH),
        new GuardedPublish(Guard.PROCESSOR, 0),
        new GuardedPublish(Guard.PROCESSOR, BATCH));
  }

  @Override
  public String title() {
    return "publish-%d-%s%s".formatted(BYTES, guard.title(), batch > 0 ? "-batched" : "");
  }

  @Override
  public String what() {
    return "values of %d bytes, %s, to a gateway without and with %s"
        .formatted(BYTES, batch > 0 ? batch + " a call" : "one a call", guard.what);
  }

  @Override
  public Comparison run(Lab lab) {
    var folder = folder();
    var order =
        WorkOrder.of("gateway-publish")
            .with("topic", lab.emptyTopic(PARTITIONS))
            .with("bytes", BYTES)
            .with("in-flight", batch > 0 ? BATCHED_IN_FLIGHT : UNARY_IN_FLIGHT)
            .with("batch", batch);
    var guarded =
        guard == Guard.RULES ? order.with("token", BenchToken.of(PRINCIPAL, SECRET)) : order;
    try (var without = lab.startGateway(Lab.Positions.MEMORY);
        var with = lab.startGateway(Lab.Positions.MEMORY, "", settings(folder))) {
      return Comparison.inTurn(
          lab.options().pairs(),
          "without",
          () -> lab.measure(order, without),
          guard.title(),
          () -> lab.measure(guarded, with));
    } finally {
      lab.kafka().deleteTopic(order.text("topic"));
    }
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("liiklus-bench");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> settings(Path folder) {
    try {
      return guard == Guard.RULES ? withRules(folder) : withProcessor(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rule that counts is the last one. */
  private static Map<String, String> withRules(Path folder) throws IOException {
    var rules = new StringBuilder("authorization { enabled = true, rules = [\n");
    for (int i = 0; i < OTHER_RULES; i++) {
      rules.append(rule("team-" + i + "-*", "team-" + i + ".*")).append('\n');
    }
    rules.append(rule(PRINCIPAL, "bench-*")).append("\n] }\n");
    var file = Files.writeString(folder.resolve("liiklus.conf"), rules);
    file.toFile().deleteOnExit();
    return Map.of(
        "config", file.toString(), "grpc.auth.alg", "HMAC512", "grpc.auth.secret", SECRET);
  }

  private static String rule(String principal, String topics) {
    return "{ principals = [\"%s\"], topics = [\"%s\"], groups = [\"*\"], allow = [PUBLISH, CONSUME] }"
        .formatted(principal, topics);
  }

  private static Map<String, String> withProcessor(Path folder) throws IOException {
    var jar = folder.resolve("processor.jar");
    var name = SameRecord.class.getName();
    var file = name.replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var classFile = SameRecord.class.getResourceAsStream("/" + file)) {
      out.putNextEntry(new ZipEntry(file));
      classFile.transferTo(out);
      out.putNextEntry(new ZipEntry("META-INF/services/" + RecordPreProcessor.class.getName()));
      out.write(name.getBytes(StandardCharsets.UTF_8));
    }
    jar.toFile().deleteOnExit();
    return Map.of("plugins.dir", folder.toString());
  }
}
