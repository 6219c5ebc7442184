package io.liiklus.server.settings;

/** One place where values come from. */
interface SettingsSource {

  /** Sets what it has, over what weaker sources set, and notes what it must not have. */
  void applyTo(SettingValues values);
}
