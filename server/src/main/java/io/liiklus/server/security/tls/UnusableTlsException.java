package io.liiklus.server.security.tls;

import java.io.IOException;

/** Failure to use a file of TLS, with the setting that names it. Immutable. */
public final class UnusableTlsException extends IOException {

  private static final long serialVersionUID = 1;

  private final String setting;
  private final String reason;

  UnusableTlsException(String setting, String reason, Throwable cause) {
    super(setting + ": " + reason, cause);
    this.setting = setting;
    this.reason = reason;
  }

  /** The full key, as {@code grpc.tls.key}. */
  public String setting() {
    return setting;
  }

  public String reason() {
    return reason;
  }
}
