package io.cotidal.objects.steps;

import io.cotidal.remote.Durable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/**
 * The key that signs reports, Ed25519: made once, and kept beside them. Who is to believe a report
 * gets the public half once, by another way.
 */
final class ProofKey {
  static final String SECRET = "proof.key";
  static final String PUBLIC = "proof.pub";

  private final PrivateKey key;

  private ProofKey(PrivateKey key) {
    this.key = key;
  }

  static ProofKey open(Path folder) throws IOException {
    Path secret = folder.resolve(SECRET);
    try {
      if (!Files.exists(secret)) {
        KeyPair made = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        Base64.Encoder text = Base64.getEncoder();
        String shown = text.encodeToString(made.getPublic().getEncoded()) + "\n";
        Durable.write(folder.resolve(PUBLIC), shown, null, "rw-r--r--");
        String hidden = text.encodeToString(made.getPrivate().getEncoded()) + "\n";
        Durable.write(secret, hidden, null, "rw-------");
      }
      byte[] bytes = Base64.getDecoder().decode(Files.readString(secret).strip());
      return new ProofKey(
          KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(bytes)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          secret + " holds no Ed25519 key: restore it, or delete it to have another one made", e);
    }
  }

  /** The signature, in base64. */
  String sign(byte[] message) throws IOException {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(message);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IOException("the report cannot be signed: " + e.getMessage(), e);
    }
  }
}
