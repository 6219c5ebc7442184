package io.liiklus.server.quota;

import io.liiklus.server.authorization.Glob;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * The quotas of principals; of each the first rule that names it counts. Those that rules name
 * without a pattern are kept, for metrics; another one is forgotten once it is idle. Thread-safe.
 */
public final class Quotas {

  /** Principals that are kept before idle ones are looked for. */
  private static final int LEAST_KEPT = 1024;

  private final List<QuotaRule> rules;
  private final LongSupplier clockNs;
  private final Map<String, PrincipalQuota> named = new TreeMap<>();
  private final Map<String, PrincipalQuota> others = new ConcurrentHashMap<>();
  private volatile int lookAt = LEAST_KEPT;

  public Quotas(List<QuotaRule> rules) {
    this(rules, System::nanoTime);
  }

  Quotas(List<QuotaRule> rules, LongSupplier clockNs) {
    this.rules = rules;
    this.clockNs = clockNs;
    rules.stream()
        .flatMap(rule -> rule.principals().stream())
        .filter(Glob::isName)
        .map(Glob::pattern)
        .forEach(
            name ->
                rule(name)
                    .ifPresent(rule -> named.put(name, new PrincipalQuota(name, rule, clockNs))));
  }

  public boolean isEmpty() {
    return rules.isEmpty();
  }

  private Optional<QuotaRule> rule(String principal) {
    return rules.stream().filter(rule -> rule.isFor(principal)).findFirst();
  }

  /**
   * Counts a connection that begins to serve a principal; {@link #close} is to be called for it.
   *
   * @return {@link PrincipalQuota#UNLIMITED} where no rule names it
   * @throws QuotaException where the principal has too many
   */
  public PrincipalQuota open(String principal) {
    var known = named.get(principal);
    if (known != null) {
      known.openConnection();
      return known;
    }
    var rule = rule(principal);
    if (rule.isEmpty()) {
      return PrincipalQuota.UNLIMITED;
    }
    forgetIdle();
    // Within, so that it is not forgotten meanwhile.
    return others.compute(
        principal,
        (name, before) -> {
          var quota = before == null ? new PrincipalQuota(name, rule.get(), clockNs) : before;
          quota.openConnection();
          return quota;
        });
  }

  /** The connection has ended. */
  public void close(PrincipalQuota quota) {
    if (!quota.isUnlimited()) {
      quota.closeConnection();
    }
  }

  /** Now and then, so that it costs each that comes but little. */
  private void forgetIdle() {
    if (others.size() >= lookAt) {
      for (var name : others.keySet()) {
        others.computeIfPresent(name, (any, quota) -> quota.isIdle() ? null : quota);
      }
      lookAt = Math.max(LEAST_KEPT, 2 * others.size());
    }
  }

  /** Those that rules name without a pattern, by name. */
  public Map<String, PrincipalQuota> named() {
    return Map.copyOf(named);
  }

  int size() {
    return others.size();
  }
}
