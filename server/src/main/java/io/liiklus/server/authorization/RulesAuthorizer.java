package io.liiklus.server.authorization;

import io.liiklus.api.AccessDecision;
import io.liiklus.api.AccessRequest;
import io.liiklus.api.Authorizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's own authorizer, by rules of the settings and of a file. Thread-safe. */
final class RulesAuthorizer implements Authorizer {

  private static final Logger log = LoggerFactory.getLogger(RulesAuthorizer.class);

  private final AccessOptions options;

  private volatile AccessRules rules;
  private volatile Runnable listener = () -> {};
  private RulesFile file;

  RulesAuthorizer(AccessOptions options) {
    this.options = options;
    this.rules = options.rules();
  }

  @Override
  public String type() {
    return "RULES";
  }

  @Override
  public void open() {
    if (options.file().isPresent()) {
      try {
        file = RulesFile.open(options.file().get(), options.reloadInterval(), this::use);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    log.info("authorization, rules={}", rules.size());
  }

  private void use(AccessRules ofFile) {
    rules = options.rules().and(ofFile);
    listener.run();
  }

  @Override
  public AccessDecision decide(AccessRequest request) {
    return rules.decide(request);
  }

  @Override
  public void onChange(Runnable changed) {
    listener = changed;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
  }
}
