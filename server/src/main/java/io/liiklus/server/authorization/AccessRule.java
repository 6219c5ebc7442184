package io.liiklus.server.authorization;

import io.liiklus.api.AccessRequest;
import io.liiklus.api.AccessRequest.Operation;
import io.liiklus.api.Settings;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What some principals may do with some topics, as some groups. Immutable. */
record AccessRule(
    List<Glob> principals, List<Glob> topics, List<Glob> groups, Set<Operation> allow) {

  /** How much of a request a rule fits; a request is allowed by all of it. */
  enum Fit {
    NO_PRINCIPAL("no rule names the principal"),
    NO_TOPIC("no rule for the principal names the topic"),
    NO_OPERATION("no rule for the principal and the topic allows the operation"),
    NO_GROUP("no rule for the principal, the topic and the operation names the group"),
    ALL("");

    private final String reason;

    Fit(String reason) {
      this.reason = reason;
    }

    /** Why a request is denied that no rule fits better. */
    String reason() {
      return reason;
    }
  }

  private static final String WORDS = "PUBLISH, CONSUME, ACK or DESCRIBE";

  /** Operations that only a group does. */
  private static final Set<Operation> OF_GROUPS = EnumSet.of(Operation.CONSUME, Operation.ACK);

  static AccessRule read(Settings rule) {
    var allow = EnumSet.noneOf(Operation.class);
    for (var word : rule.texts("allow")) {
      Arrays.stream(Operation.values())
          .filter(operation -> operation.name().equals(word.toUpperCase(Locale.ROOT)))
          .findFirst()
          .ifPresentOrElse(
              allow::add, () -> rule.refuse("allow", word + " is not allowed; " + WORDS));
    }
    if (!rule.isGiven("allow")) {
      rule.refuse("allow", "has no entries; " + WORDS);
    }
    var groups = Globs.read(rule, "groups");
    if (groups.isEmpty() && allow.stream().anyMatch(OF_GROUPS::contains)) {
      rule.refuse("groups", "has no entries; CONSUME and ACK need the names of groups, or *");
    }
    return new AccessRule(
        Globs.required(rule, "principals"), Globs.required(rule, "topics"), groups, allow);
  }

  Fit fit(AccessRequest request) {
    if (!Globs.match(principals, request.principal())) {
      return Fit.NO_PRINCIPAL;
    } else if (!Globs.match(topics, request.topic())) {
      return Fit.NO_TOPIC;
    } else if (!allow.contains(request.operation())) {
      return Fit.NO_OPERATION;
    }
    boolean isGroup = request.group().isEmpty() || Globs.match(groups, request.group().get());
    return isGroup ? Fit.ALL : Fit.NO_GROUP;
  }
}
