package io.cotidal.objects.steps;

import io.cotidal.remote.ActFailed;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/**
 * Whether a report is as it was signed. The signature lies beside the report, with {@code .sig}
 * after its name: Ed25519 over {@code cotidal-proof 1} and the SHA-256 of the report, in base64.
 */
public final class Proofs {
  /** What the name of a signature ends with. */
  static final String ENDING = ".sig";

  private Proofs() {}

  /**
   * Whether a report is what the owner of a key signed.
   *
   * @param report the file
   * @param key the public key, in base64, as {@code proof.pub} holds it
   * @throws IOException if a file cannot be read, or the key is none
   */
  public static boolean verify(Path report, String key) throws IOException {
    try {
      byte[] bytes = Base64.getDecoder().decode(key.strip());
      PublicKey known =
          KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(bytes));
      Signature signature = Signature.getInstance("Ed25519");
      signature.initVerify(known);
      signature.update(message(report));
      String signed = Files.readString(report.resolveSibling(report.getFileName() + ENDING));
      return signature.verify(Base64.getDecoder().decode(signed.strip()));
    } catch (java.security.SignatureException e) {
      return false;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("the key or the signature is none: " + ActFailed.line(e), e);
    }
  }

  /** What is signed. */
  static byte[] message(Path report) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(report), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      String hex = java.util.HexFormat.of().formatHex(digest.digest());
      return ("cotidal-proof 1\n" + hex).getBytes(StandardCharsets.UTF_8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
