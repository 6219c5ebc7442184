package io.liiklus.storage.pulsar;

import io.liiklus.api.Settings;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.pulsar.client.api.Authentication;
import org.apache.pulsar.client.api.EncodedAuthenticationParameterSupport;

/** The client's authentication, as the settings name it. Immutable. */
final class PulsarLogin {

  private static final String CLASS = "authPluginClassName";
  private static final String PARAMS = "authPluginParams";
  private static final String TOKEN = "token";

  private PulsarLogin() {}

  /** Null where there is none, and where it is refused. */
  @SuppressWarnings("deprecation") // The way of those that take no text.
  static Authentication read(Settings settings) {
    var name = settings.text(CLASS).strip();
    var params = settings.map(PARAMS);
    if (name.isEmpty()) {
      if (!params.isEmpty()) {
        settings.refuse(PARAMS, "is given without authPluginClassName, which reads it");
      }
      return null;
    }
    Authentication login;
    try {
      login =
          Class.forName(name)
              .asSubclass(Authentication.class)
              .getDeclaredConstructor()
              .newInstance();
    } catch (ReflectiveOperationException | ClassCastException notOne) {
      settings.refuse(CLASS, "there is no authentication " + name);
      return null;
    }
    try {
      if (login instanceof EncodedAuthenticationParameterSupport encoded) {
        encoded.configure(text(params));
      } else {
        login.configure(params);
      }
      return login;
    } catch (RuntimeException refused) {
      settings.refuse(PARAMS, "is refused by " + name + ": " + refused.getMessage());
      return null;
    }
  }

  private static String text(Map<String, String> params) {
    var token = params.getOrDefault(TOKEN, "");
    // A file is read at each login, and is not put as a text.
    return params.size() == 1 && token.startsWith("file:") ? token : json(params);
  }

  private static String json(Map<String, String> params) {
    return params.entrySet().stream()
        .map(param -> quoted(param.getKey()) + ":" + quoted(param.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      quoted.append(
          c < ' ' || c == '"' || c == '\\' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
    }
    return quoted.append('"').toString();
  }
}
