package io.liiklus.server.authorization;

import io.liiklus.api.AccessDecision;
import io.liiklus.api.AccessRequest;
import io.liiklus.api.Settings;
import java.util.ArrayList;
import java.util.List;

/** All rules: what none of them allows is denied. Immutable. */
record AccessRules(List<AccessRule> rules) {

  static final AccessRules NONE = new AccessRules(List.of());

  static AccessRules read(Settings authorization) {
    return new AccessRules(authorization.list("rules").stream().map(AccessRule::read).toList());
  }

  int size() {
    return rules.size();
  }

  AccessRules and(AccessRules more) {
    var all = new ArrayList<>(rules);
    all.addAll(more.rules);
    return new AccessRules(List.copyOf(all));
  }

  AccessDecision decide(AccessRequest request) {
    var best = AccessRule.Fit.NO_PRINCIPAL;
    for (var rule : rules) {
      var fit = rule.fit(request);
      if (fit == AccessRule.Fit.ALL) {
        return AccessDecision.allowed();
      }
      best = fit.compareTo(best) > 0 ? fit : best;
    }
    return AccessDecision.denied(best.reason());
  }
}
