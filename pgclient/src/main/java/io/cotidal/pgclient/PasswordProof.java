package io.cotidal.pgclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A client's half of a login: SCRAM-SHA-256 with a check of the other end's half, or the older
 * salted hash. For one login.
 */
final class PasswordProof {
  private static final String MECHANISM = "SCRAM-SHA-256";
  private static final String HMAC = "HmacSHA256";
  private static final int MOST_ITERATIONS = 1_000_000;

  private static final int OK = 0;
  private static final int CLEAR = 3;
  private static final int MD5 = 5;
  private static final int SASL = 10;
  private static final int SASL_CONTINUE = 11;
  private static final int SASL_FINAL = 12;

  private final Login login;
  private final String nonce;
  private byte[] expected = {};

  PasswordProof(Login login) {
    this.login = login;
    byte[] random = new byte[18];
    new SecureRandom().nextBytes(random);
    this.nonce = Base64.getEncoder().encodeToString(random);
  }

  /** What is answered to a request; empty if nothing is. */
  byte[] answer(ByteBuffer request) throws IOException, PgException {
    int kind = request.getInt();
    byte[] rest = new byte[request.remaining()];
    request.get(rest);
    try {
      return switch (kind) {
        case OK -> new byte[0];
        case MD5 -> md5(rest);
        case SASL -> first(rest);
        case SASL_CONTINUE -> last(new String(rest, StandardCharsets.UTF_8));
        case SASL_FINAL -> checked(new String(rest, StandardCharsets.UTF_8));
        case CLEAR -> throw cannot("it wants the password in the clear: set auth_type");
        default -> throw cannot("it wants a login of kind " + kind + ", which is not known here");
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has these", e);
    } catch (IllegalArgumentException e) {
      throw cannot("its login makes no sense");
    }
  }

  private static PgException cannot(String reason) {
    return new PgException(new Trouble.CannotTell(reason));
  }

  private byte[] md5(byte[] salt) throws GeneralSecurityException, IOException {
    String inner = hex(bytes(login.password().reveal() + login.user()));
    ByteArrayOutputStream salted = new ByteArrayOutputStream();
    salted.write(bytes(inner));
    salted.write(salt);
    return bytes("md5" + hex(salted.toByteArray()) + "\0");
  }

  private static String hex(byte[] bytes) throws GeneralSecurityException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
  }

  private byte[] first(byte[] offered) throws IOException, PgException {
    if (!Arrays.asList(new String(offered, StandardCharsets.UTF_8).split("\0"))
        .contains(MECHANISM)) {
      throw cannot("it offers no " + MECHANISM);
    }
    byte[] message = bytes("n,," + bare());
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.write(bytes(MECHANISM + "\0"));
    body.write(ByteBuffer.allocate(4).putInt(message.length).array());
    body.write(message);
    return body.toByteArray();
  }

  private String bare() {
    return "n=,r=" + nonce;
  }

  private byte[] last(String challenge) throws GeneralSecurityException, PgException {
    Map<String, String> said = new LinkedHashMap<>();
    for (String part : challenge.split(",")) {
      said.put(part.substring(0, Math.min(1, part.length())), part.replaceFirst("^.=", ""));
    }
    String both = said.getOrDefault("r", "");
    int iterations = Integer.parseInt(said.getOrDefault("i", "0"));
    if (!both.startsWith(nonce) || both.equals(nonce)) {
      throw cannot("it answers another login");
    }
    if (iterations < 1 || iterations > MOST_ITERATIONS) {
      throw cannot("it wants " + iterations + " iterations");
    }
    byte[] salt = Base64.getDecoder().decode(said.getOrDefault("s", ""));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
            .generateSecret(
                new PBEKeySpec(login.password().reveal().toCharArray(), salt, iterations, 256))
            .getEncoded();
    String without = "c=biws,r=" + both;
    byte[] all = bytes(bare() + "," + challenge + "," + without);
    byte[] client = hmac(salted, bytes("Client Key"));
    byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(client), all);
    for (int i = 0; i < client.length; i++) {
      client[i] ^= signature[i];
    }
    expected = hmac(hmac(salted, bytes("Server Key")), all);
    return bytes(without + ",p=" + Base64.getEncoder().encodeToString(client));
  }

  /** Who does not know the password cannot answer this. */
  private byte[] checked(String answer) throws PgException {
    byte[] said = Base64.getDecoder().decode(answer.replaceFirst("^v=", "").strip());
    if (expected.length == 0 || !MessageDigest.isEqual(said, expected)) {
      throw cannot("it does not know the password itself");
    }
    return new byte[0];
  }

  private static byte[] hmac(byte[] key, byte[] text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(HMAC);
    mac.init(new SecretKeySpec(key, HMAC));
    return mac.doFinal(text);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
