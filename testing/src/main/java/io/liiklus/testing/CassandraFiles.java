package io.liiklus.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Folder of one node of Cassandra: its settings, its data, and the command. Immutable. */
record CassandraFiles(Path folder) {

  static final String DATA = "data";

  private static final String SETTINGS = "cassandra.yaml";

  private static final String YAML =
      """
      cluster_name: liiklus
      num_tokens: 1
      partitioner: org.apache.cassandra.dht.Murmur3Partitioner
      commitlog_sync: periodic
      commitlog_sync_period: 1000ms
      commitlog_directory: ${data}/commitlog
      data_file_directories: [${data}/data]
      saved_caches_directory: ${data}/caches
      hints_directory: ${data}/hints
      cdc_raw_directory: ${data}/cdc
      endpoint_snitch: SimpleSnitch
      seed_provider:
        - class_name: org.apache.cassandra.locator.SimpleSeedProvider
          parameters: [{seeds: "127.0.0.1:${storage}"}]
      listen_address: ${host}
      rpc_address: ${host}
      storage_port: ${storage}
      ssl_storage_port: ${storage}
      native_transport_port: ${port}
      start_native_transport: true
      auto_bootstrap: false
      memtable_heap_space: 64MiB
      memtable_offheap_space: 32MiB
      file_cache_size: 32MiB
      commitlog_segment_size: 8MiB
      concurrent_reads: 4
      concurrent_writes: 4
      concurrent_compactors: 1
      auto_snapshot: false
      materialized_views_enabled: false
      read_request_timeout: 10000ms
      write_request_timeout: 10000ms
      cas_contention_timeout: 10000ms
      """;

  private static final String LOGGING =
      """
      <configuration>
        <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
          <encoder><pattern>%d{HH:mm:ss.SSS} %-5level %logger{0}: %msg%n</pattern></encoder>
        </appender>
        <root level="INFO"><appender-ref ref="out"/></root>
      </configuration>
      """;

  private static final List<String> EXPORTS =
      List.of(
          "java.base/jdk.internal.misc",
          "java.base/jdk.internal.ref",
          "java.base/sun.nio.ch",
          "java.management.rmi/com.sun.jmx.remote.internal.rmi",
          "java.rmi/sun.rmi.registry",
          "java.rmi/sun.rmi.server",
          "java.rmi/sun.rmi.transport.tcp",
          "java.sql/java.sql",
          "jdk.unsupported/sun.misc");

  private static final List<String> OPENS =
      List.of(
          "java.base/java.lang.module",
          "java.base/jdk.internal.loader",
          "java.base/jdk.internal.ref",
          "java.base/jdk.internal.reflect",
          "java.base/jdk.internal.math",
          "java.base/jdk.internal.module",
          "java.base/jdk.internal.util.jar",
          "java.base/sun.nio.ch",
          "java.base/java.io",
          "java.base/java.nio",
          "java.base/java.util.concurrent",
          "java.base/java.util",
          "java.base/java.util.concurrent.atomic",
          "java.base/java.lang",
          "java.base/java.math",
          "java.base/java.lang.reflect",
          "java.base/java.net",
          "jdk.management/com.sun.management.internal",
          "java.rmi/sun.rmi.transport.tcp");

  /**
   * @param storagePort for the other nodes
   * @param token of the node; empty: any
   */
  void write(String host, int storagePort, int port, String token) {
    var yaml =
        YAML.replace("${data}", folder.resolve(DATA).toString())
            .replace("${host}", host)
            .replace("${storage}", Integer.toString(storagePort))
            .replace("${port}", Integer.toString(port));
    append(SETTINGS, token.isEmpty() ? yaml : yaml + "initial_token: " + token + "\n");
    append("logback.xml", LOGGING);
  }

  void write(CassandraServer.Access access) {
    boolean isLogin = access == CassandraServer.Access.LOGIN;
    append(
        SETTINGS,
        isLogin
            ? "authenticator: PasswordAuthenticator\nauthorizer: CassandraAuthorizer\n"
                // A right that is granted counts at once.
                + "permissions_validity: 0ms\nroles_validity: 0ms\n"
            : "authenticator: AllowAllAuthenticator\nauthorizer: AllowAllAuthorizer\n");
    if (access == CassandraServer.Access.TLS) {
      TlsFiles.create(folder);
      append(
          SETTINGS,
          """
          client_encryption_options:
            enabled: true
            optional: false
            keystore: %s
            keystore_password: %s
            store_type: PKCS12
          """
              .formatted(folder.resolve(TlsFiles.STORE), TlsFiles.PASSWORD));
    }
  }

  private void append(String name, String text) {
    try {
      Files.writeString(
          folder.resolve(name), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  List<String> command() {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-Xss512k"));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-javaagent:" + CassandraJars.agent());
    command.add("-Djdk.attach.allowAttachSelf=true");
    EXPORTS.forEach(name -> command.addAll(List.of("--add-exports", name + "=ALL-UNNAMED")));
    OPENS.forEach(name -> command.addAll(List.of("--add-opens", name + "=ALL-UNNAMED")));
    command.add("-Dcassandra.config=" + folder.resolve(SETTINGS).toUri());
    command.add("-Dcassandra.storagedir=" + folder.resolve(DATA));
    command.add("-Dlogback.configurationFile=" + folder.resolve("logback.xml"));
    command.add("-Djava.io.tmpdir=" + folder);
    command.add("-Dcassandra-foreground=yes");
    command.add("-Dcassandra.ring_delay_ms=100");
    command.add("-Dcassandra.skip_wait_for_gossip_to_settle=0");
    command.add("-Dcassandra.superuser_setup_delay_ms=0");
    command.add("-Dio.netty.tryReflectionSetAccessible=true");
    command.addAll(List.of("-cp", CassandraJars.folder().resolve("*").toString()));
    command.add("org.apache.cassandra.service.CassandraDaemon");
    return command;
  }
}
