package io.liiklus.server.grpc.quota;

import io.grpc.Attributes;
import io.liiklus.server.authorization.Access;
import io.liiklus.server.quota.PrincipalQuota;
import io.liiklus.server.quota.QuotaException;
import io.liiklus.server.quota.Quotas;
import io.liiklus.server.security.Principal;
import java.util.HashMap;
import java.util.Map;

/**
 * Quotas of the principals that have called on one connection, which counts as one of each.
 * Confined to the connection's event loop.
 */
public final class ConnectionQuotas {

  static final Attributes.Key<ConnectionQuotas> KEY = Attributes.Key.create("quotas");

  /** As a proxy may call for many, each with a token of its own. */
  private static final int MAX_PRINCIPALS = 10_000;

  private final Quotas quotas;
  private final Map<String, PrincipalQuota> byPrincipal = new HashMap<>();

  ConnectionQuotas(Quotas quotas) {
    this.quotas = quotas;
  }

  /** The quota of a call's principal. */
  public static PrincipalQuota of(Attributes connection, Principal principal) {
    var all = connection.get(KEY);
    return all == null
        ? PrincipalQuota.UNLIMITED
        : all.byPrincipal.getOrDefault(Access.name(principal), PrincipalQuota.UNLIMITED);
  }

  /**
   * A principal calls.
   *
   * @throws QuotaException where it is on too many connections already
   */
  void enter(Principal principal) {
    var name = Access.name(principal);
    if (byPrincipal.containsKey(name)) {
      return;
    }
    if (byPrincipal.size() >= MAX_PRINCIPALS) {
      throw new QuotaException(
          "more than %d principals on one connection are not allowed".formatted(MAX_PRINCIPALS));
    }
    byPrincipal.put(name, quotas.open(name));
  }

  void close() {
    byPrincipal.values().forEach(quotas::close);
    byPrincipal.clear();
  }
}
