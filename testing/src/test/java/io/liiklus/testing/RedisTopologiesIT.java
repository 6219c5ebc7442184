package io.liiklus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RedisTopologiesIT {

  @Test
  void cluster_servesEverySlot() {
    try (var cluster = RedisClusterServers.start()) {
      assertThat(cluster.uri()).matches("redis-cluster://(127\\.0\\.0\\.1:\\d+,?){3}");
      assertThat(cluster.masters())
          .allSatisfy(
              master -> assertThat(ask(master, "CLUSTER", "INFO")).contains("cluster_size:3"));
    }
  }

  @Test
  void sentinel_makesTheReplicaTheMaster() {
    try (var servers = RedisSentinelServers.start()) {
      servers.master().kill();

      Awaitility.await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(
              () ->
                  assertThat(ask(servers.replica(), "INFO", "REPLICATION"))
                      .contains("role:master"));
    }
  }

  @Test
  void tlsServer_answersClientsThatTrustItsCertificate() throws Exception {
    try (var redis = RedisTlsServer.start();
        var socket =
            trusting(redis)
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), redis.port())) {
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));

      assertThat(socket.getInputStream().readNBytes(5)).asString().isEqualTo("+PONG");
    }
  }

  private static String ask(RedisServer redis, String... words) {
    return RedisConnection.ask(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), redis.port()), words);
  }

  private static SSLContext trusting(RedisTlsServer redis) throws Exception {
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (var pem = Files.newInputStream(redis.certificate())) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem);
      trusted.setCertificateEntry("redis", certificate);
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
