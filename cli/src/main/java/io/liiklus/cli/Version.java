package io.liiklus.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Version that the jar's manifest names. Immutable. */
public final class Version implements IVersionProvider {

  @Override
  public String[] getVersion() {
    var version = LiiklusCli.class.getPackage().getImplementationVersion();
    return new String[] {"liiklus " + Objects.requireNonNullElse(version, "(no release)")};
  }
}
