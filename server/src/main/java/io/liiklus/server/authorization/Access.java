package io.liiklus.server.authorization;

import io.liiklus.api.AccessDecision;
import io.liiklus.api.AccessRequest;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.Authorizer;
import io.liiklus.api.GroupId;
import io.liiklus.server.authorization.AccessException.Reason;
import io.liiklus.server.security.Principal;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Judge of what callers may do. Thread-safe; nothing blocks. */
public final class Access implements AutoCloseable {

  private static final String OWN_DATA = "the topic has the gateway's own data";

  /** Null: all is allowed but what nobody may do. */
  private final Authorizer authorizer;

  private final Set<String> reservedTopics;
  private final int cacheSize;
  private final DenialLog denials = new DenialLog();
  private final CopyOnWriteArrayList<Runnable> listeners = new CopyOnWriteArrayList<>();

  /**
   * Replaced with each change of the policy: what was decided before it is put into the old one.
   */
  private volatile DecisionCache cache;

  private Access(Authorizer authorizer, Set<String> reservedTopics, int cacheSize) {
    this.authorizer = authorizer;
    this.reservedTopics = reservedTopics;
    this.cacheSize = cacheSize;
    this.cache = new DecisionCache(cacheSize);
  }

  /**
   * Everything is allowed, but for some topics.
   *
   * @param reservedTopics which are nobody's
   */
  public static Access open(Set<String> reservedTopics) {
    return new Access(null, reservedTopics, 1);
  }

  /**
   * As the settings say.
   *
   * @param ofPlugin the authorizer that the settings name; empty: the rules decide
   * @param reservedTopics which are nobody's
   */
  public static Access open(
      AccessOptions options, Optional<Authorizer> ofPlugin, Set<String> reservedTopics) {
    if (!options.isEnabled()) {
      return open(reservedTopics);
    }
    var authorizer = ofPlugin.orElseGet(() -> new RulesAuthorizer(options));
    var access = new Access(authorizer, reservedTopics, options.cacheSize());
    authorizer.onChange(access::onChange);
    try {
      authorizer.open();
      return access;
    } catch (RuntimeException | LinkageError failure) {
      closeBeside(failure, access);
      if (ofPlugin.isPresent()) {
        throw unopened(authorizer, failure);
      }
      throw failure;
    }
  }

  private static void closeBeside(Throwable failure, Access access) {
    try {
      access.close();
    } catch (RuntimeException | LinkageError another) {
      failure.addSuppressed(another);
    }
  }

  private static IllegalStateException unopened(Authorizer authorizer, Throwable failure) {
    return new IllegalStateException(
        "the authorizer %s could not be opened: %s".formatted(authorizer.type(), failure), failure);
  }

  private void onChange() {
    cache = new DecisionCache(cacheSize);
    listeners.forEach(Runnable::run);
  }

  /** Notified, on any thread, when what was allowed before may not be any more. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** The name by which rules know a principal. */
  public static String name(Principal principal) {
    return principal.isAnonymous() ? AccessRequest.ANONYMOUS : principal.name();
  }

  /** What one caller may do with one topic, as no group. */
  public void require(Operation operation, Principal principal, String topic) {
    require(operation, principal, topic, Optional.empty());
  }

  /**
   * What one caller may do with one topic as a group, whatever its version. Storages take version 0
   * of {@code a-v3} for version 3 of {@code a}, so that takes the right for both names.
   *
   * @throws AccessException where that is not allowed
   */
  public void require(Operation operation, Principal principal, String topic, GroupId group) {
    require(operation, principal, topic, Optional.of(group.name()));
    var stored = group.canonical();
    if (!stored.equals(group)) {
      require(operation, principal, topic, Optional.of(stored.name()));
    }
  }

  private void require(
      Operation operation, Principal principal, String topic, Optional<String> group) {
    if (authorizer == null && !reservedTopics.contains(topic)) {
      return;
    }
    var request = new AccessRequest(operation, name(principal), topic, group);
    if (reservedTopics.contains(topic)) {
      throw denied(request, OWN_DATA, text(request) + ": " + OWN_DATA);
    }
    var decision = decide(request);
    if (!decision.isAllowed()) {
      throw denied(request, decision.reason(), text(request));
    }
  }

  /** Refuses a caller that acts through another principal's session. */
  public void requireOwner(
      Operation operation, Principal principal, Principal owner, String topic, GroupId group) {
    if (!principal.equals(owner)) {
      var request = new AccessRequest(operation, name(principal), topic, Optional.of(group.name()));
      throw denied(
          request,
          "the session is that of the principal " + owner,
          "principal %s may not %s by this session: another principal opened it"
              .formatted(shown(request), operation));
    }
  }

  private AccessDecision decide(AccessRequest request) {
    // Before it is decided.
    var known = cache;
    var decision = known.get(request);
    if (decision == null) {
      decision = ask(request);
      known.put(request, decision);
    }
    return decision;
  }

  private AccessDecision ask(AccessRequest request) {
    long startNs = System.nanoTime();
    try {
      var decision = authorizer.decide(request);
      if (decision != null) {
        return decision;
      }
      throw new IllegalStateException("it has no decision");
    } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError failure) {
      denials.failed(authorizer.type(), failure);
      throw new AccessException(Reason.FAILED, "the authorizer failed; see the gateway's log");
    } finally {
      denials.decided(authorizer, System.nanoTime() - startNs);
    }
  }

  private AccessException denied(AccessRequest request, String reason, String text) {
    denials.denied(request, reason);
    return new AccessException(Reason.DENIED, text);
  }

  private static String text(AccessRequest request) {
    var group = request.group().map(name -> " as group " + name).orElse("");
    return "principal %s may not %s topic %s%s"
        .formatted(shown(request), request.operation(), request.topic(), group);
  }

  private static String shown(AccessRequest request) {
    return request.principal().isEmpty() ? "(no name)" : request.principal();
  }

  /** How often an operation was denied. */
  public long denials(Operation operation) {
    return denials.count(operation);
  }

  @Override
  public void close() {
    if (authorizer != null) {
      authorizer.close();
    }
  }
}
