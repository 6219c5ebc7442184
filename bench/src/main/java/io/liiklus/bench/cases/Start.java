package io.liiklus.bench.cases;

import io.liiklus.bench.Case;
import io.liiklus.bench.Lab;
import io.liiklus.bench.process.CpuTime;
import io.liiklus.bench.process.GatewayProcess;
import io.liiklus.bench.report.Comparison;
import io.liiklus.bench.report.Figures;
import io.liiklus.testing.ServerFolder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Time from the start of the gateway's script until its health is SERVING. */
enum Start implements Case {
  IN_MEMORY("start-memory", "records and positions in memory"),
  EMBEDDED("start-embedded", "records and positions in a new embedded file"),
  SERVERS("start-servers", "records in Kafka, positions in Redis");

  private static final int STARTS_A_PAIR = 3;

  private final String title;
  private final String where;

  Start(String title, String where) {
    this.title = title;
    this.where = where;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String what() {
    return "from the start of bin/liiklus until it serves, " + where;
  }

  @Override
  public Comparison run(Lab lab) {
    var runs = new ArrayList<Figures>();
    // The first one is not counted: it reads the jar from the disk, and this side warms up too.
    var unused = start(lab, settings(lab));
    for (int i = 0; i < STARTS_A_PAIR * lab.options().pairs(); i++) {
      runs.add(start(lab, settings(lab)));
    }
    return Comparison.alone(List.copyOf(runs));
  }

  private Map<String, String> settings(Lab lab) {
    if (this == SERVERS) {
      return lab.settings(Lab.Positions.REDIS);
    }
    var settings = new LinkedHashMap<>(lab.options().settings());
    if (this == EMBEDDED) {
      settings.put("sql.url", "jdbc:sqlite:" + ServerFolder.create("sql").resolve("liiklus.db"));
    } else {
      settings.put("storage.records.type", "MEMORY");
    }
    return settings;
  }

  private static Figures start(Lab lab, Map<String, String> settings) {
    try (var gateway = GatewayProcess.start(lab.options().gatewayOptions(), settings)) {
      double tookMs = gateway.awaitServing().toNanos() / 1e6;
      return Figures.of("start ms", tookMs)
          .with("CPU ms", CpuTime.ofProcessNs(gateway.pid()) / 1e6);
    }
  }
}
