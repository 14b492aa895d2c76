package io.cotidal.cli.myaas;

import io.cotidal.cli.api.Server;
import io.cotidal.cli.terminal.ExitCode;
import io.cotidal.cli.terminal.Failure;
import io.cotidal.model.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Where the original's API is, and what proves to it who asks.
 *
 * @param basic the value of {@code Authorization}, if the address holds a user and a password
 */
public record Original(Server server, Optional<Secret> basic) {
  /** The variable that holds the address. */
  public static final String VARIABLE = "DB_URL";

  /**
   * The original that {@code DB_URL} names, in the environment or else in {@code .env} in {@code
   * folder}. As in its Python client, {@code http://USER:PASSWORD@HOST:PORT} sends user and
   * password; Cotidal's listener wants a token there.
   *
   * @throws Failure if none is named, or it is no address, or a password would travel readable
   */
  public static Original find(Map<String, String> environment, Path folder) {
    String told = environment.getOrDefault(VARIABLE, "");
    String text = told.isEmpty() ? DotEnv.find(folder.resolve(".env"), VARIABLE).orElse("") : told;
    if (text.isEmpty()) {
      throw new Failure(
          ExitCode.FAILED,
          "DB_URL environment variables is not defined.",
          "write for example: export DB_URL=http://127.0.0.1:5001");
    }
    return parse(text);
  }

  private static Original parse(String text) {
    String user;
    String plain;
    try {
      URI address = new URI(text);
      user = address.getRawUserInfo() == null ? "" : address.getRawUserInfo();
      plain = user.isEmpty() ? text : text.replaceFirst("//[^/@]*@", "//");
    } catch (URISyntaxException e) {
      // The text may hold a password, so it is not quoted.
      throw new Failure(ExitCode.FAILED, VARIABLE + " is no address", "write http://HOST:PORT");
    }
    Server server = Server.parse(plain, VARIABLE);
    if (user.isEmpty()) {
      return new Original(server, Optional.empty());
    }
    if (server.exposed()) {
      throw new Failure(
          ExitCode.NOT_ALLOWED,
          "the password in " + VARIABLE + " would travel readable to " + server,
          "use https, or a tunnel to the server's loopback address");
    }
    String pair = URLDecoder.decode(user.replace("+", "%2B"), StandardCharsets.UTF_8);
    byte[] bytes = (pair.contains(":") ? pair : pair + ":").getBytes(StandardCharsets.UTF_8);
    return new Original(
        server, Optional.of(new Secret("Basic " + Base64.getEncoder().encodeToString(bytes))));
  }
}
