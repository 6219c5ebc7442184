package io.liiklus.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A Redis that takes TLS connections, with a certificate of its own that nobody has signed. Always
 * a process. The bundled redis-server for Linux on x86-64 knows TLS; where the one in use does not,
 * the start fails and shows its log. Thread-safe.
 */
public final class RedisTlsServer implements AutoCloseable {

  private final ProcessRedisServer server;
  private final int tlsPort;
  private final TlsFiles files;

  private RedisTlsServer(ProcessRedisServer server, int tlsPort, TlsFiles files) {
    this.server = server;
    this.tlsPort = tlsPort;
    this.files = files;
  }

  /** Starts a server and returns when it serves. */
  public static RedisTlsServer start() {
    var files = TlsFiles.create(ServerFolder.create("redis-tls"));
    var ports = FreePorts.pick(2);
    var arguments = new ArrayList<>(ProcessRedisServer.DURABLE);
    arguments.addAll(List.of("--tls-port", Integer.toString(ports.get(1))));
    arguments.addAll(List.of("--tls-cert-file", files.certificate().toString()));
    arguments.addAll(List.of("--tls-key-file", files.key().toString()));
    arguments.addAll(List.of("--tls-ca-cert-file", files.certificate().toString()));
    arguments.addAll(List.of("--tls-auth-clients", "no"));
    var server = ProcessRedisServer.start(ports.get(0), arguments);
    return new RedisTlsServer(server, ports.get(1), files);
  }

  public String host() {
    return server.host();
  }

  /** The port for TLS. */
  public int port() {
    return tlsPort;
  }

  /** {@code rediss://host:port}. */
  public String uri() {
    return "rediss://" + host() + ":" + port();
  }

  /** The same server without TLS. */
  public RedisServer plain() {
    return server;
  }

  /** The server's certificate in PEM, for the names localhost and 127.0.0.1. */
  public Path certificate() {
    return files.certificate();
  }

  @Override
  public void close() {
    server.close();
  }
}
