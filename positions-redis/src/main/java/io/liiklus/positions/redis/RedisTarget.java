package io.liiklus.positions.redis;

import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterURIUtil;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Address of Redis: one URI, or the nodes of a cluster to ask for the others. Immutable, as long as
 * nobody changes the URIs.
 *
 * @param secondTry the same master for Sentinels that refuse clients without password: they get
 *     that of the URI. Empty where no Sentinel is asked, or there is no such password
 */
record RedisTarget(List<RedisURI> uris, boolean cluster, Optional<RedisURI> secondTry) {

  private static final String CLUSTER = "redis-cluster";
  private static final String CLUSTER_TLS = "rediss-cluster";

  private static final String SENTINEL = "redis-sentinel:";
  private static final String SENTINEL_TLS = "rediss-sentinel:";

  private static final String NO_URI =
      "is no Redis URI: a form such as redis://user:password@host:6379/0";
  private static final String NO_SENTINEL_URI =
      "is no URI of Redis Sentinels, which ends with the name of their master:"
          + " redis-sentinel://user:password@host1:26379,host2:26379/0#mymaster";

  /** Schemes that Lettuce reads, beside the two of ours above. */
  private static final List<String> LETTUCE_SCHEMES =
      List.of(
          "redis",
          "rediss",
          "redis+ssl",
          "redis+tls",
          "redis-sentinel",
          "rediss-sentinel",
          "redis-socket",
          "redis+socket");

  static final int MAX_PORT = 65_535;

  /** A name, an IPv4 or an IPv6 address. */
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9._-]+|\\[?[0-9A-Fa-f]*:[0-9A-Fa-f]*:[0-9A-Fa-f:.]*(%\\w+)?]?");

  RedisTarget {
    uris = List.copyOf(uris);
  }

  static RedisTarget ofHost(String host, int port) {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "must be a host name or address; what begins with redis:// goes into redis.uri");
    }
    return single(RedisURI.create(host, port));
  }

  private static RedisTarget single(RedisURI uri) {
    return new RedisTarget(List.of(uri), false, Optional.empty());
  }

  /**
   * Reads one of the forms that {@code reference.conf} lists.
   *
   * @param access access to the Sentinels, where the URI names some
   * @throws IllegalArgumentException where it is none; the text never quotes the URI, which may
   *     have a password
   */
  static RedisTarget ofUri(String uri, SentinelAccess access) {
    int colon = uri.indexOf(':');
    var scheme = colon < 0 ? "" : uri.substring(0, colon);
    boolean cluster = scheme.equals(CLUSTER) || scheme.equals(CLUSTER_TLS);
    if (!cluster && !LETTUCE_SCHEMES.contains(scheme)) {
      throw new IllegalArgumentException(
          "must begin with redis://, rediss://, redis-sentinel://, rediss-sentinel://,"
              + " redis-socket://, redis-cluster:// or rediss-cluster://");
    }
    var target = cluster ? clusterUri(scheme, uri.substring(colon)) : lettuceUri(uri, access);
    for (var node : target.uris) {
      checkPlace(node);
    }
    return target;
  }

  private static RedisTarget lettuceUri(String uri, SentinelAccess access) {
    try {
      var first = RedisURI.create(uri);
      if (!first.getSentinels().isEmpty() && isEmpty(first.getSentinelMasterId())) {
        throw unreadable(NO_SENTINEL_URI);
      }
      access.applyTo(first);
      if (access.hasLogin() || first.getSentinels().isEmpty() || !hasPassword(first)) {
        return single(first);
      }
      var second = RedisURI.create(uri);
      access.applyTo(second);
      second.getSentinels().forEach(sentinel -> sentinel.applyAuthentication(second));
      return new RedisTarget(List.of(first), false, Optional.of(second));
    } catch (RuntimeException unreadable) {
      boolean isOfSentinels = uri.startsWith(SENTINEL) || uri.startsWith(SENTINEL_TLS);
      throw unreadable(isOfSentinels ? NO_SENTINEL_URI : NO_URI);
    }
  }

  private static RedisTarget clusterUri(String scheme, String rest) {
    List<RedisURI> nodes;
    int database;
    try {
      var uri = URI.create((scheme.equals(CLUSTER_TLS) ? "rediss" : "redis") + rest);
      nodes = RedisClusterURIUtil.toRedisURIs(uri);
      database = RedisURI.create(uri).getDatabase();
    } catch (RuntimeException unreadable) {
      throw unreadable(
          "is no Redis Cluster URI: redis-cluster://user:password@host1:6379,host2:6379");
    }
    if (database != 0) {
      throw new IllegalArgumentException("asks for a database: a Redis Cluster has 0 alone");
    }
    return new RedisTarget(nodes, true, Optional.empty());
  }

  private static boolean hasPassword(RedisURI uri) {
    // Those of a URI are there at once.
    var credentials = uri.getCredentialsProvider().resolveCredentials().block();
    return credentials != null && credentials.hasPassword();
  }

  /** Whether Sentinels are asked where the master is. */
  boolean hasSentinels() {
    return uris.stream().anyMatch(uri -> !uri.getSentinels().isEmpty());
  }

  boolean isTls() {
    return uris.stream().anyMatch(RedisURI::isSsl);
  }

  /** All of both tries. */
  Stream<RedisURI> all() {
    return Stream.concat(uris.stream(), secondTry.stream());
  }

  /** Without a cause: Lettuce's and the JDK's own texts quote the URI. */
  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(text);
  }

  /** Lettuce takes much for a host that is none; it would never be found. */
  private static void checkPlace(RedisURI uri) {
    if (!uri.getSentinels().isEmpty()) {
      uri.getSentinels().forEach(RedisTarget::checkPlace);
    } else if (isEmpty(uri.getSocket())) {
      if (isEmpty(uri.getHost()) || !HOST.matcher(uri.getHost()).matches()) {
        throw new IllegalArgumentException(
            "needs a host, or host:port; more than one in redis-cluster:// and redis-sentinel://");
      }
      if (uri.getPort() < 1 || uri.getPort() > MAX_PORT) {
        throw new IllegalArgumentException("has a port that is not from 1 to " + MAX_PORT);
      }
    }
  }

  private static boolean isEmpty(String text) {
    return text == null || text.isEmpty();
  }

  /** Text for logs: hosts and ports, no password. */
  @Override
  public String toString() {
    return uris.stream().map(RedisTarget::place).collect(Collectors.joining(","));
  }

  private static String place(RedisURI uri) {
    if (!uri.getSentinels().isEmpty()) {
      return uri.getSentinels().stream()
          .map(RedisTarget::place)
          .collect(Collectors.joining(",", "", "#" + uri.getSentinelMasterId()));
    }
    return isEmpty(uri.getSocket()) ? uri.getHost() + ":" + uri.getPort() : uri.getSocket();
  }
}
